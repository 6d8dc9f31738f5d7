package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/report/plain"
	"github.com/benchtui/benchtui/tui"
)

// replayFlags are the flags of replay and demo.
type replayFlags struct {
	at      time.Duration
	speed   float64
	plain   bool
	noColor bool
	ascii   asciiFlag
	noMouse bool

	set *pflag.FlagSet
}

func (f *replayFlags) register(command *cobra.Command) {
	set := command.Flags()
	set.SortFlags = false
	f.set = set
	set.DurationVar(&f.at, "at", 0, "begin so long after the run's beginning, such as 30s")
	set.Float64Var(&f.speed, "speed", 1, "so many times as fast as it was; as text all comes at once unless this is given")
	set.BoolVar(&f.plain, "plain", false, "text instead of the screen; so it is too when stdout is no terminal")
	set.BoolVar(&f.noColor, "no-color", false, "no colours (as does NO_COLOR)")
	f.ascii.register(set, "on the screen and in the text")
	set.BoolVar(&f.noMouse, "no-mouse", false, "leave the mouse to the terminal, such as to select text")
}

func (f *replayFlags) check() error {
	const most = 10_000
	switch {
	case !(f.speed > 0 && f.speed <= most): // NaN too
		return usage(fmt.Errorf("--speed %g: pass a number above 0 and up to %d", f.speed, most))
	case f.at < 0:
		return usage(fmt.Errorf("--at %s: a time can't be negative; 0 is the run's beginning", f.at))
	}
	return nil
}

func replayCommand() *cobra.Command {
	var flags replayFlags
	var list bool
	command := &cobra.Command{
		Use:   "replay [FILE|NUMBER]",
		Short: "Play a recording of a run as it was; without a file, the newest",
		Long: `Plays a recording through the same screens as the run itself. Without a FILE it is
the newest of those that benchtui keeps of your runs; --list shows them by number.`,
		Example: `  benchtui replay
  benchtui replay --list
  benchtui replay 3 --speed 4
  benchtui replay run.btr --at 30s --plain`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(errors.New("replay takes one recording: benchtui replay FILE"))
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			if err := flags.check(); err != nil {
				return err
			}
			if list {
				return listRecordings(command.OutOrStdout(), recording.DefaultFolder())
			}
			path, err := recordingNamed(recording.DefaultFolder(), strings.Join(args, ""))
			if err != nil {
				return usage(err)
			}
			if err := writable([]namedFile{{"what is played", path, true}, debugLogOf(command.Flags())}); err != nil {
				return usage(err)
			}
			ctx, release := untilInterrupted(command.Context())
			file, err := files.Await(ctx, func() (*os.File, error) { return os.Open(path) })
			release()
			if err != nil {
				return usage(err)
			}
			defer file.Close()
			return flags.replay(command, file, homely(path))
		},
	}
	flags.register(command)
	command.Flags().BoolVar(&list, "list", false, "list the recordings of your runs, the newest first")
	return command
}

// recordingNamed is the path of a recording: a file, one of the kept ones by its
// name or its number in the list, or the newest.
func recordingNamed(kept recording.Folder, name string) (string, error) {
	if name == "" {
		newest, err := kept.Newest()
		if err == nil && newest == "" {
			err = errNoRecordings
		}
		return newest, err
	}
	_, missing := os.Stat(name)
	if missing == nil || strings.ContainsRune(name, filepath.Separator) {
		return name, nil
	}
	if number, err := strconv.Atoi(name); err == nil {
		recordings, err := kept.List()
		switch {
		case err != nil:
			return "", err
		case len(recordings) == 0:
			return "", errNoRecordings
		case number < 1 || number > len(recordings):
			return "", fmt.Errorf("there is no recording %d, only 1 to %d; see benchtui replay --list", number, len(recordings))
		}
		return recordings[number-1].Path, nil
	}
	if own := filepath.Join(kept.Dir, name); fileExists(own) {
		return own, nil
	}
	return "", fmt.Errorf("%w; see benchtui replay --list", missing)
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// replay plays a recording on the screen or as text.
func (f *replayFlags) replay(command *cobra.Command, r io.Reader, name string) error {
	ctx, release := untilAsked(command.Context())
	defer release()
	var played *recording.Recording
	cut, err := files.Await(ctx, func() (cut error, err error) {
		if played, err = recording.Load(r); errors.Is(err, recording.ErrCutOff) {
			cut, err = exitError{ExitNotMeasured, fmt.Errorf("%s: %w; this is what it holds", name, err)}, nil
		}
		return cut, err
	})
	if err != nil {
		return usage(fmt.Errorf("%s: %w", name, err))
	}
	if f.plain || !term.IsTerminal(int(os.Stdout.Fd())) || !term.IsTerminal(int(os.Stdin.Fd())) {
		if err := f.asText(ctx, command.OutOrStdout(), played); err != nil {
			return err
		}
		return cut
	}
	played.TellCut()
	err = tui.Run(ctx, tui.Options{
		Replay:  &tui.Replay{Recording: played, At: f.at, Speed: f.speed},
		NoColor: f.noColor || os.Getenv("NO_COLOR") != "", ASCII: bool(f.ascii), NoMouse: f.noMouse,
	})
	if ctx.Err() != nil {
		return exitError{ExitInterrupted, errors.New("")}
	}
	if err != nil {
		return exitError{ExitNotMeasured, fmt.Errorf("the screen: %w", err)}
	}
	return nil
}

// asText prints a recording: at once, or at the pace that was asked for.
func (f *replayFlags) asText(ctx context.Context, w io.Writer, played *recording.Recording) error {
	plain := plain.New(f.ascii.text(w), plain.Options{From: f.at})
	at := f.at
	for i := range played.Len() {
		if f.set.Changed("speed") && played.At(i) > at {
			wait := time.Duration(float64(played.At(i)-at) / f.speed)
			at = played.At(i)
			select {
			case <-time.After(wait):
			case <-ctx.Done():
			}
		}
		if ctx.Err() != nil {
			return exitError{ExitInterrupted, errors.New("interrupted")}
		}
		if hasLeft(w) {
			return nil
		}
		if err := plain.Emit(played.Event(i)); err != nil {
			return exitError{ExitNotMeasured, err}
		}
	}
	return nil
}
