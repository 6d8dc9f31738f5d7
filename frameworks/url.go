package frameworks

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/flagname"
)

const urlExample = `such as ` + flagname.URL + ` http://127.0.0.1:8080/hello`

var namedURL = regexp.MustCompile(`^([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*)=(https?://.*)$`)

// URL makes a contender of --url 'http://host:port/path', or 'name=http://…': one
// that already runs, and is neither built nor started. Nothing is checked but
// that the status is below 400. The contender's URL is the whole of it; its
// request path is the path with the query.
func URL(raw string) (Contender, error) {
	name, address := "", strings.TrimSpace(raw)
	if found := namedURL.FindStringSubmatch(address); found != nil {
		name, address = found[1], found[2]
	}
	parsed, err := url.Parse(address)
	switch {
	case address != "" && !strings.Contains(address, "://") && !strings.Contains(address, "="): // "127.0.0.1:80/x" does not even parse
		return Contender{}, field.Errorf("url", "%q: must begin with http:// or https://; did you mean http://%s?", raw, address)
	case err != nil:
		return Contender{}, field.Errorf("url", "%q: not a URL; %s", raw, urlExample)
	case parsed.Scheme != "http" && parsed.Scheme != "https":
		return Contender{}, field.Errorf("url", "%q: must begin with http:// or https://; %s", raw, urlExample)
	case parsed.Hostname() == "":
		return Contender{}, field.Errorf("url", "%q: no host; %s", raw, urlExample)
	case parsed.User != nil:
		return Contender{}, field.Errorf("url", "%q: a user name in the URL is not sent; give it as "+flagname.ShortHeader+" 'Authorization: …'", raw)
	}
	parsed.Fragment, parsed.RawFragment = "", ""
	if parsed.Path == "" {
		parsed.Path = "/"
	}
	if name == "" {
		name = parsed.Host + strings.TrimSuffix(parsed.Path, "/")
	}
	id, err := idFrom(name)
	if err != nil {
		return Contender{}, field.Errorf("url", "%q: name %q: %w; %s", raw, name, err, urlExample)
	}
	return Contender{
		Manifest: Manifest{
			ID: id, Name: name, Language: "your own", Link: parsed.String(),
			Request: Request{Method: "GET", Path: parsed.RequestURI()},
		},
		Origin: OriginURL,
		URL:    parsed.String(),
	}, nil
}
