package embedded

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// Free ports come from below the range that the kernel gives to outgoing
// connections (from 32768 on Linux, 49152 on macOS). A client that redials a
// port of that range while its server is down can be given the very port it
// dials, connect to itself and keep the server out.
const (
	firstFreePort = 20000
	freePorts     = 10000
)

// choosePorts checks the configured ports and picks the others. All stay bound
// until the last is chosen, so that no two are the same.
func (s *Stack) choosePorts() error {
	var wanted []*int
	if s.cfg.ClickHouse {
		wanted = append(wanted, &s.cfg.ClickHousePort, &s.cfg.ClickHouseHTTPPort)
	}
	if s.cfg.Broker {
		wanted = append(wanted, &s.cfg.BrokerPort)
	}
	for _, port := range wanted {
		l, err := bind(port)
		if err != nil {
			return fmt.Errorf("embedded: %w", err)
		}
		defer l.Close()
	}
	return nil
}

func bind(port *int) (net.Listener, error) {
	if *port != 0 {
		return net.Listen("tcp", loopback(*port))
	}
	var err error
	for range 100 {
		candidate := firstFreePort + rand.IntN(freePorts)
		var l net.Listener
		if l, err = net.Listen("tcp", loopback(candidate)); err == nil {
			*port = candidate
			return l, nil
		}
	}
	return nil, fmt.Errorf("find a free port from %d to %d: %w", firstFreePort, firstFreePort+freePorts-1, err)
}
