package jsonx

import (
	"math"
	"strconv"
)

// integer reads a JSON number that is integral and fits into an int64. It is
// exact: 1.2e1 and 1200e-2 are 12, 1.5 is none.
func integer(text string) (int64, bool) {
	negative := text != "" && text[0] == '-'
	if negative {
		text = text[1:]
	}
	whole, text := digits(text)
	if whole == "" || whole[0] == '0' && len(whole) > 1 {
		return 0, false
	}
	var fraction string
	if text != "" && text[0] == '.' {
		if fraction, text = digits(text[1:]); fraction == "" {
			return 0, false
		}
	}
	exponent := 0
	if text != "" {
		n, err := strconv.Atoi(text[1:])
		if err != nil || text[0]|0x20 != 'e' {
			return 0, false
		}
		exponent = n
	}
	n, ok := scaled(whole, fraction, exponent)
	switch {
	case !ok, n > math.MaxInt64 && (!negative || n != 1<<63):
		return 0, false
	case negative:
		return -int64(n), true
	}
	return int64(n), true
}

// scaled returns whole.fraction times ten to the exponent.
func scaled(whole, fraction string, exponent int) (n uint64, ok bool) {
	kept := len(whole) + exponent // digits before the point, once it has moved
	for i := range len(whole) + len(fraction) {
		var c byte
		if i < len(whole) {
			c = whole[i]
		} else {
			c = fraction[i-len(whole)]
		}
		switch {
		case i < kept && n <= (math.MaxUint64-9)/10:
			n = n*10 + uint64(c-'0')
		case c != '0', i < kept && n > 0:
			return 0, false
		}
	}
	for i := len(whole) + len(fraction); i < kept && n > 0; i++ {
		if n > math.MaxUint64/10 {
			return 0, false
		}
		n *= 10
	}
	return n, true
}

func digits(text string) (run, rest string) {
	n := 0
	for n < len(text) && text[n]-'0' <= 9 {
		n++
	}
	return text[:n], text[n:]
}
