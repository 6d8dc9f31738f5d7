package choose

// Selection is what would be begun now.
func (c *Screen) Selection() Selection { return c.selection() }

// Problem is what it says that is wrong.
func (c *Screen) Problem() string { return c.problem }
