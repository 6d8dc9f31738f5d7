package engine

// userCache is what a browser remembers of a reply so as to ask whether it still
// holds. It keeps validators only: a reply that Cache-Control or Expires calls
// fresh is asked for again all the same.
type userCache struct {
	on     bool
	known  bool
	buffer []byte // the header lines to add
	whole  []byte // the request with them
}

// request is the request with what the cache adds to it. It holds until the next.
func (u *userCache) request(p *prepared) []byte {
	if !u.known {
		return p.bytes
	}
	u.whole = append(u.whole[:0], p.bytes[:p.tail]...)
	u.whole = append(u.whole, u.buffer...)
	u.whole = append(u.whole, p.bytes[p.tail:]...)
	return u.whole
}

// learn takes the validators of a reply; a 304 leaves the ones that are known.
func (u *userCache) learn(p *replyParser) {
	if !u.on || p.state != replyDone || p.status != 200 || len(p.etag)+len(p.lastModified) == 0 {
		return
	}
	u.buffer = u.buffer[:0]
	if len(p.etag) > 0 {
		u.buffer = append(append(append(u.buffer, "If-None-Match: "...), p.etag...), "\r\n"...)
	}
	if len(p.lastModified) > 0 {
		u.buffer = append(append(append(u.buffer, "If-Modified-Since: "...), p.lastModified...), "\r\n"...)
	}
	u.known = true
}
