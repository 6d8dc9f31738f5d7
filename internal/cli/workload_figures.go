package cli

import (
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/tui"
)

// workloadOffer is a workload as the choose screen offers it.
func workloadOffer(workload plan.Workload) tui.WorkloadOffer {
	return tui.WorkloadOffer{
		Name: workload.Name, Words: workload.Words(), About: workload.About,
		PerContender: workload.PerContender(),
		Figures:      workloadFigures(workload),
	}
}

// workloadFigures are the settings of a workload that the screen shows.
func workloadFigures(workload plan.Workload) (figures []tui.WorkloadFigure) {
	for _, setting := range workload.Fields() {
		figures = append(figures, tui.WorkloadFigure{Flag: setting.Name, Value: setting.Text(workload)})
	}
	return figures
}

// workloadWith is the named workload with figures in place of those that the flags set.
func (f *runFlags) workloadWith(name string, figures []tui.WorkloadFigure) (plan.Workload, error) {
	workload, err := f.theWorkload(name)
	for _, figure := range figures {
		setting, _ := plan.SettingNamed(figure.Flag)
		if err == nil && setting.Text(workload) != figure.Value {
			workload, err = workload.Changed(setting, figure.Value)
		}
	}
	return workload, err
}
