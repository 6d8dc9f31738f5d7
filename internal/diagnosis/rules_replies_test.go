package diagnosis

// httpCacheFacts are those of users who revalidate what they have.
func httpCacheFacts() Facts {
	facts := usersFacts()
	facts.HTTPCache = true
	return facts
}

func anyStatusFacts() Facts {
	facts := httpCacheFacts()
	facts.ExpectedStatus = 0
	return facts
}

// repliesCases are of the rules about what the server answers.
var repliesCases = []ruleCase{
	{
		name: "express in the article", facts: httpCacheFacts(), seconds: 10,
		change: func(i int, w *Window) { w.OK, w.KO, w.Failures["status 304"] = 800, 2400, 2400 },
		want:   []string{CachedRepliesRefused},
		says: []string{"24,000 of 32,000 replies (75 %) were 304 Not Modified", "If-None-Match",
			"3 of each user's 4 requests revalidate, so 75 %", "of the other 8,000 replies none failed", "--http-cache"},
	}, {
		name: "a few users are enough", facts: httpCacheFacts(), seconds: 1,
		change: func(i int, w *Window) { w.OK, w.KO, w.Failures["status 304"] = 50, 150, 150 },
		want:   []string{CachedRepliesRefused}, says: []string{"150 of 200 replies (75 %)"},
	}, {
		name: "304 without a cache is the server's own fault", facts: usersFacts(), seconds: 10,
		change: func(i int, w *Window) { fail(w, "status 304", 2400) },
	}, {
		name: "other failures with a cache", facts: httpCacheFacts(), seconds: 10,
		change: func(i int, w *Window) { fail(w, "status 500", 2400) },
	}, {
		name: "304 where any status is good, and the body is checked", facts: anyStatusFacts(), seconds: 10,
		change: func(i int, w *Window) {
			const cause = `check json field "name"`
			w.OK, w.KO, w.Failures[cause] = 800, 2400, 2400
			w.Samples = map[string]string{cause: "HTTP/1.1 304 Not Modified\\nX-Powered-By: Express"}
		},
		want: []string{CachedRepliesRefused}, says: []string{"304 without a body", "24,000 of 32,000 replies (75 %) fail a check", "--check-json ''"},
	}, {
		name: "bodies that fail their check with a cache on", facts: httpCacheFacts(), seconds: 10,
		change: func(i int, w *Window) {
			w.OK, w.KO, w.Failures["check body"] = 800, 2400, 2400
			w.Samples = map[string]string{"check body": "HTTP/1.1 200 OK\\nContent-Length: 304"}
		},
	}, {
		name: "redirects to a login", facts: steadyFacts(), seconds: 3,
		change: func(i int, w *Window) { w.Redirects = map[Redirect]uint64{{302, "/login"}: w.OK} },
		want:   []string{RepliesRedirected}, says: []string{"all replies are 302 to /login", "count as OK"},
	}, {
		name: "redirects that are asked for", facts: expecting(302), seconds: 3,
		change: func(i int, w *Window) { w.Redirects = map[Redirect]uint64{{302, "/login"}: w.OK} },
	}, {
		name: "redirects to many places", facts: steadyFacts(), seconds: 3,
		change: func(i int, w *Window) { w.Redirects = map[Redirect]uint64{{302, "/a"}: 2000, {301, ""}: 1000} },
		want:   []string{RepliesRedirected}, says: []string{"many replies are redirects, most of them 302 to /a", "10 %"},
	}, {
		name: "a redirect now and then", facts: steadyFacts(), seconds: 3,
		change: func(i int, w *Window) { w.Redirects = map[Redirect]uint64{{302, "/a"}: 200} },
	}, {
		name: "bytes after the reply", facts: steadyFacts(), seconds: 3,
		change: func(i int, w *Window) {
			w.OK, w.KO, w.OutOfTurn = w.OK-100, 100, 100
			w.Failures["malformed reply"] = 100
			w.Reasons = map[string]string{"malformed reply": "2 bytes after the reply, which ended with its last chunk"}
		},
		want: []string{BytesAfterReply}, says: []string{"on 300 connections more came", "ended with its last chunk"},
	}, {
		name: "another malformed reply", facts: steadyFacts(), seconds: 3,
		change: func(i int, w *Window) {
			w.OK, w.KO = w.OK-100, 100
			w.Failures["malformed reply"] = 100
			w.Reasons = map[string]string{"malformed reply": "no HTTP status line"}
		},
	},
}

func expecting(status int) Facts {
	facts := steadyFacts()
	facts.ExpectedStatus = status
	return facts
}
