package diagnosis

// unknownCases are of the rules about what is measured of the server at all.
var unknownCases = []ruleCase{
	{
		name: "what started the server is measured", facts: steadyFacts(), seconds: 2,
		change: func(i int, w *Window) { w.StarterMeasured = "CPU and memory are those of docker" },
		want:   []string{StarterMeasured}, says: []string{"those of docker"},
	}, {
		name: "nothing known but the load", facts: Facts{}, seconds: 20,
		change: func(i int, w *Window) {
			*w = Window{From: w.From, To: w.To, Sent: w.Sent, OK: w.OK}
		},
	},
}
