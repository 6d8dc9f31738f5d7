package page

import (
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/internal/stream"
)

//go:embed leaderboard.css
var pictureStyle string

// The measures of the picture, px.
const (
	pictureWidth  = 1000.0
	pictureMargin = 32.0
	pictureBars   = 310.0 // where bars begin
	pictureValues = 800.0 // the longest ends here; its figure stands behind it
	pictureRow    = 44.0
)

// WriteSVG writes the leaderboard as a picture for a README or a slide: it needs no
// font, follows the viewer's light or dark scheme, and is as high as its rows.
func WriteSVG(w io.Writer, result stream.Result) error {
	metric := result.RankedBy()
	bars := newBars(result, metric)
	ranked := 0
	for _, one := range result.Contenders {
		if one.Rank > 0 {
			ranked++
		}
	}
	top := 118.0
	bottom := top + float64(len(result.Contenders))*pictureRow
	if ranked < len(result.Contenders) {
		bottom += 34
	}
	foot := wrapped(pictureRules(result, bars), 138)
	height := bottom + 34 + 18*float64(len(foot)) + 20

	d := &drawing{}
	d.open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", "0 0 "+pixels(pictureWidth)+" "+pixels(height),
		"width", pictureWidth, "height", height, "role", "img", "aria-labelledby", "title",
		"font-family", `system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif`)
	d.text("title", "Leaderboard by "+result.RankTitle(), "id", "title")
	d.out.WriteString("<style>\n" + pictureStyle + "</style>\n") // ours, and no text of others in it
	d.element("rect", "class", "page", "width", pictureWidth, "height", height, "rx", 14.0)
	d.text("text", wording.Cut("Leaderboard by "+result.RankTitle()+wording.Medians(result), 66), "class", "title", "x", pictureMargin, "y", 48.0)
	d.text("text", "benchtui", "class", "brand", "x", pictureWidth-pictureMargin, "y", 46.0, "text-anchor", "end")
	d.text("text", wording.Cut(foreign.Text(result.Workload.Words), 115), "class", "sub", "x", pictureMargin, "y", 74.0)
	pictureAxis(d, bars, top-8, bottom)

	y := top
	for i, one := range result.Contenders {
		if i == ranked {
			d.element("line", "class", "part", "x1", pictureMargin, "x2", pictureWidth-pictureMargin, "y1", y+10, "y2", y+10)
			d.text("text", "below the line", "class", "about", "x", pictureMargin, "y", y+28)
			y += 34
		}
		pictureLine(d, one, bars, y)
		y += pictureRow
	}
	y += 30
	for _, line := range foot {
		d.text("text", line, "class", "foot", "x", pictureMargin, "y", y)
		y += 18
	}
	d.close("svg")
	if _, err := io.WriteString(w, d.String()); err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	return nil
}

// pictureAxis draws lines at round figures behind the bars.
func pictureAxis(d *drawing, bars bars, top, bottom float64) {
	if bars.to <= bars.from {
		return
	}
	const labels = 7 // that there is room for
	at := scale.Within(bars.from, bars.to, labels-1, bars.tick)
	if bars.log {
		at = scale.Log(bars.from, bars.to, 2*labels, bars.tick)
	}
	d.open("g", "class", "axis")
	for _, tick := range at.Ticks {
		if tick.Value > bars.to*1.0001 || tick.Value < bars.from {
			continue
		}
		x := pictureBars + bars.share(tick.Value)*(pictureValues-pictureBars)
		d.element("line", "class", "grid", "x1", x, "x2", x, "y1", top, "y2", bottom)
		d.text("text", tick.Label, "x", x, "y", top-6, "text-anchor", "middle")
	}
	d.close("g")
}

func pictureLine(d *drawing, one stream.ContenderResult, bars bars, y float64) {
	middle := y + pictureRow/2
	tier := "t" + strconv.Itoa(min(max(one.Tier, 0), 4))
	d.open("g")
	d.element("circle", "class", tier, "cx", pictureMargin+13, "cy", middle, "r", 13.0)
	rank, class := one.Place(), "rank"
	if len(rank) > 2 && one.Rank > 0 { // "=12"
		class += " tight"
	}
	d.text("text", rank, "class", class, "x", pictureMargin+13, "y", middle+4.5, "text-anchor", "middle")
	name := foreign.Text(one.Name) + wording.Marks(one)
	d.text("text", wording.Cut(wording.FirstLine(name), 26), "class", "name", "x", pictureMargin+36, "y", middle-1)
	about := wording.About(one)
	if letters := wording.Letters(one); letters != "" {
		about = strings.TrimSuffix("ties "+letters+" · "+about, " · ")
	}
	d.text("text", wording.Cut(wording.FirstLine(about), 36), "class", "about", "x", pictureMargin+36, "y", middle+15)
	value := one.Figure(string(bars.metric))
	if value == nil {
		d.text("text", wording.Cut(wording.FirstLine(one.RankNote), 90), "class", "side", "x", pictureBars, "y", middle+5)
		d.close("g")
		return
	}
	length := max(2, bars.share(*value)*(pictureValues-pictureBars))
	d.element("rect", "class", tier, "x", pictureBars, "y", middle-10, "width", length, "height", 20.0, "rx", 3.0)
	behind := pictureBars + length + 10
	if interval, ok := one.Intervals[string(bars.metric)]; ok && interval.Low != nil && interval.High != nil {
		at := func(value float64) float64 { return pictureBars + bars.share(value)*(pictureValues-pictureBars) }
		low, high := at(*interval.Low), at(*interval.High)
		var whisker path
		whisker.command("M", low, middle-5)
		whisker.command("v", 10)
		whisker.command("M", low, middle)
		whisker.command("H", high)
		whisker.command("M", high, middle-5)
		whisker.command("v", 10)
		d.element("path", "class", "whisker", "d", whisker.String())
		behind = max(behind, high+10)
	}
	d.text("text", bars.written(*value), "class", "value", "x", behind, "y", middle+5)
	if one.Rank == 0 {
		d.text("text", wording.Cut(wording.FirstLine(one.RankNote), 52), "class", "side ko", "x", pictureBars, "y", middle+24)
	}
	d.close("g")
}

// pictureRules are the words under the picture.
func pictureRules(result stream.Result, bars bars) []string {
	rules := []string{bars.words()}
	rules = append(rules, wording.LeaderboardRules(result)...)
	if host := result.Host.Words(); host != "" {
		rules = append(rules, "measured on "+host+", "+result.Started.Format("2 January 2006"))
	}
	return rules
}

// wrapped breaks lines at blanks, so that none is wider than so many cells.
func wrapped(lines []string, width int) (all []string) {
	for _, line := range lines {
		now := ""
		for _, word := range strings.Fields(line) {
			switch {
			case now == "":
				now = word
			case wording.Cells.StringWidth(now)+1+wording.Cells.StringWidth(word) > width:
				all = append(all, now)
				now = word
			default:
				now += " " + word
			}
		}
		if now != "" {
			all = append(all, now)
		}
	}
	return all
}
