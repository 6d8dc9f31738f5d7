package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/tui"
)

// Every workload, made again from the figures that the screen shows of it, is the same.
func TestFiguresOfEveryWorkloadMakeItAgain(t *testing.T) {
	for _, named := range plan.Workloads() {
		var flags runFlags
		flags.register(&cobra.Command{})
		before, err := flags.theWorkload(named.Name)
		if err != nil {
			t.Fatal(err)
		}
		after, err := flags.workloadWith(named.Name, workloadFigures(before))
		if err != nil {
			t.Errorf("%s: %v", named.Name, err)
			continue
		}
		if before.Load != after.Load || before.Warmup != after.Warmup || before.PerContender() != after.PerContender() || before.Words() != after.Words() {
			t.Errorf("%s became %+v, was %+v", named.Name, after, before)
		}
	}
}

// A load that ends by count or by time, whichever comes first, keeps both on the screen.
func TestFiguresOfALoadByCountAndTimeKeepBoth(t *testing.T) {
	var flags runFlags
	command := &cobra.Command{}
	flags.register(command)
	if err := command.Flags().Parse([]string{"-w", "steady", "-n", "1000", "-z", "3s"}); err != nil {
		t.Fatal(err)
	}
	before, err := flags.theWorkload("steady")
	if err != nil {
		t.Fatal(err)
	}
	after, err := flags.workloadWith("steady", workloadFigures(before))
	if err != nil || after.Load != before.Load || after.Load.Requests != 1000 || after.Load.Duration != 3*time.Second {
		t.Errorf("%+v became %+v, %v", before.Load, after.Load, err)
	}
}

func TestFiguresOnTheScreenAreCheckedAsFlagsAre(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it measures")
	}
	catalogue, builder, _, err := openBuilder()
	if err != nil {
		t.Fatal(err)
	}
	var flags runFlags
	flags.register(&cobra.Command{})
	offer, err := offer(t.Context(), catalogue.All()[:1], builder, &flags)
	if err != nil {
		t.Fatal(err)
	}
	change := func(flag, value string) (tui.WorkloadOffer, error) {
		for _, workload := range offer.Workloads {
			for i, figure := range workload.Figures {
				if figure.Flag == flag {
					figures := append([]tui.WorkloadFigure{}, workload.Figures...)
					figures[i].Value = value
					return offer.Change(workload.Name, figures)
				}
			}
		}
		t.Fatalf("no workload has %s", flag)
		return tui.WorkloadOffer{}, nil
	}
	if changed, err := change("users", "100"); err != nil || !strings.HasPrefix(changed.Words, "100 users in 5 s") {
		t.Errorf("got %+v, %v", changed, err)
	}
	once, err := change("rounds", "1")
	if err != nil {
		t.Fatal(err)
	}
	// Three rounds take three times as long, and the rest after each.
	if thrice, err := change("rounds", "3"); err != nil || !strings.HasSuffix(thrice.Words, ", 3 rounds") || thrice.PerContender != 3*(once.PerContender+plan.DefaultCooldown) {
		t.Errorf("got %+v, %v, after %s for one", thrice, err, once.PerContender)
	}
	for _, wrong := range []struct{ flag, value, says string }{
		{"users", "many", "pass a whole number"},
		{"users", "0", "at least one user"},
		{"ramp", "5", "with its unit"},
		{"repeat", "-1", "at least one request"},
		{"warmup", "-1s", "can't be negative"},
		{"rounds", "0", "once at least"},
		{"rounds", "100000", "pass 1 to"},
		{"rate", "0", "above 0"},
		{"connections", "100000000", "file descriptors"},
	} {
		if _, err := change(wrong.flag, wrong.value); err == nil || !strings.Contains(err.Error(), wrong.says) {
			t.Errorf("%s %s: %v, want it to say %q", wrong.flag, wrong.value, err, wrong.says)
		}
	}
}
