package query

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/runledger/runledger/internal/config"
)

type tenantKey struct{}

// authorize finds the tenant of a question: that of its token or, where there
// are no tokens, the one it names.
func (s *Server) authorize(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		asked := ctx.Query("tenant")
		if len(s.tokens) == 0 {
			// A page of another site that has its name point to this machine
			// could otherwise read every tenant through the user's browser.
			if !local(ctx.Host()) {
				_ = huma.WriteErr(api, ctx, http.StatusForbidden, "this API has no tokens and answers only as localhost; add api.tokens to the configuration")
				return
			}
			next(huma.WithValue(ctx, tenantKey{}, asked))
			return
		}
		tenant, ok := tenantOf(s.tokens, ctx.Header("Authorization"))
		if !ok {
			ctx.SetHeader("WWW-Authenticate", `Bearer realm="runledger"`)
			_ = huma.WriteErr(api, ctx, http.StatusUnauthorized, "want a token of api.tokens as Authorization: Bearer TOKEN")
			return
		}
		if asked != "" && asked != tenant { // the same whether or not there is such a tenant
			_ = huma.WriteErr(api, ctx, http.StatusNotFound, "no such tenant for this token; leave tenant out to ask for the token's own",
				&huma.ErrorDetail{Location: "query.tenant", Message: "not the tenant of the token", Value: asked})
			return
		}
		next(huma.WithValue(ctx, tenantKey{}, tenant))
	}
}

// tenantOf returns the tenant that a token stands for. It looks at all tokens,
// so that the time it takes says nothing.
func tenantOf(tokens []config.Token, header string) (tenant string, ok bool) {
	secret, found := strings.CutPrefix(header, "Bearer ")
	sum := sha256.Sum256([]byte(secret))
	for _, t := range tokens {
		want, err := hex.DecodeString(t.SHA256)
		if err == nil && subtle.ConstantTimeCompare(sum[:], want) == 1 && found {
			tenant, ok = t.Tenant, true
		}
	}
	return tenant, ok
}

// local reports whether a Host header names this machine.
func local(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}
