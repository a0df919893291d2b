package command

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rongzheng/ui"
)

func usageError(err error) error { return fmt.Errorf("%w: %w", errUsage, err) }

func (p *program) misused(key string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, p.words.Say(key, args...))
}

// group is a command that only stands for those below it: alone it explains itself, and a word that is none of them is
// refused.
func (p *program) group(name string, children ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: name + " COMMAND", Args: p.noArguments, DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(children...)
	return cmd
}

// require makes flags ones that must be given.
func require(cmd *cobra.Command, flags ...string) {
	for _, name := range flags {
		sure(cmd.MarkFlagRequired(name))
	}
}

// takesFile lets shells complete the flag with files of these kinds.
func takesFile(cmd *cobra.Command, flag string, kinds ...string) {
	sure(cmd.MarkFlagFilename(flag, kinds...))
}

// sure is for what fails only where a command names a flag that it has not.
func sure(err error) {
	if err != nil {
		panic(err)
	}
}

// required makes a flag that is missing a wrong usage; the library reports it like any other failure, and in English.
func (p *program) required(cmd *cobra.Command, _ []string) error {
	var missing []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if slices.Contains(f.Annotations[cobra.BashCompOneRequiredFlag], "true") && !f.Changed {
			missing = append(missing, "--"+f.Name)
		}
	})
	if len(missing) > 0 {
		return p.misused("usage.flag_missing", strings.Join(missing, " "))
	}
	return p.exclusive(cmd)
}

// exclusiveFlags is where the library notes which flags cannot stand beside each other; it has no name for it to
// import.
const exclusiveFlags = "cobra_annotation_mutually_exclusive"

// exclusive makes flags that cannot stand beside each other a wrong usage, as required does with those that are
// missing.
func (p *program) exclusive(cmd *cobra.Command) error {
	if cmd.ValidateFlagGroups() == nil {
		return nil
	}
	var given []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if len(f.Annotations[exclusiveFlags]) > 0 {
			given = append(given, "--"+f.Name)
		}
	})
	return p.misused("usage.exclusive", strings.Join(given, " "))
}

// written is the argument that the letters of flags are the end of: those before them are flags, such as -h.
func (p *program) written(letters string) string {
	for _, arg := range p.args {
		if strings.HasPrefix(arg, "-") && strings.HasSuffix(arg, letters) {
			return arg
		}
	}
	return "-" + letters
}

// misflagged says in the desk's language what the library found wrong with a flag.
func (p *program) misflagged(cmd *cobra.Command, err error) error {
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok && strings.Contains(cmd.Use, "[QUERY]") && len(e.GetSpecifiedShortnames()) > 1 {
		return p.misused("usage.query_minus", ui.Plain(p.written(e.GetSpecifiedShortnames())), cmd.CommandPath())
	}
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		name := "--" + e.GetSpecifiedName()
		if e.GetSpecifiedShortnames() != "" {
			name = name[1:]
		}
		return p.misused("usage.flag_unknown", ui.Plain(name))
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return p.misused("usage.flag_empty", "--"+e.GetFlag().Name)
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return p.misused("usage.flag_value", "--"+e.GetFlag().Name, ui.Plain(e.GetValue()))
	}
	if e, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		return p.misused("usage.flag_unknown", ui.Plain(e.GetSpecifiedFlag()))
	}
	return usageError(err)
}

// noArguments refuses a word where only a command can stand.
func (p *program) noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return p.misused("usage.unknown", ui.Plain(args[0]))
	}
	return nil
}

// arguments asks for at least low and at most high arguments; high 0 is no limit.
func (p *program) arguments(low, high int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < low || high > 0 && len(args) > high {
			return p.misused("usage.arguments", cmd.UseLine())
		}
		return nil
	}
}

// translate gives every command its texts from the catalogue: "command.NAME" is one line, "command.NAME.long" the
// whole; names of nested commands are joined by dots. Examples are commands and need no language.
func (p *program) translate(cmd *cobra.Command) {
	if short, long := p.texts(cmd); short != "" {
		cmd.Short, cmd.Long = short, short+"\n\n"+long
	}
	cmd.InitDefaultHelpFlag()
	cmd.Flags().Lookup("help").Usage = p.words.Say("flag.help")
	if described := cmd.Flags().Lookup("no-descriptions"); described != nil { // of scripts for shells
		described.Usage = p.words.Say("flag.undescribed")
	}
	if cmd.Version != "" {
		cmd.InitDefaultVersionFlag()
		cmd.Flags().Lookup("version").Usage = p.words.Say("flag.version")
	}
	p.translateDefaults(cmd)
	if !cmd.DisableFlagsInUseLine { // the library would add the word for them in English
		cmd.Use, cmd.DisableFlagsInUseLine = cmd.Use+" "+p.words.Say("usage.flags"), true
	}
	cmd.SetUsageTemplate(p.words.Say("usage.template"))
	for _, child := range cmd.Commands() {
		p.translate(child)
	}
}

// texts are the line and the text of a command, "" for one without. A run that came from elsewhere has its own where those of
// this machine tell of what is not there.
func (p *program) texts(cmd *cobra.Command) (short, long string) {
	path := strings.ReplaceAll(cmd.CommandPath(), " ", ".")
	said := func(end string) (text string) {
		keys := []string{"command." + path + end}
		if p.bound != nil {
			keys = append(keys, "served."+path+end)
		}
		for _, key := range keys {
			if said := p.words.Say(key); said != key {
				text = said
			}
		}
		return text
	}
	return said(""), said(".long")
}

// refuseOtherShells makes a shell that there is no script for a wrong usage, where the library shows its help.
func (p *program) refuseOtherShells(root *cobra.Command) {
	if completion, _, err := root.Find([]string{"completion"}); err == nil && completion != root {
		completion.Use, completion.DisableFlagsInUseLine = "completion SHELL", true
		completion.Args = p.noArguments
		completion.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
}

// translateDefaults says in the desk's language what a flag is when it is not given; the library would say it in English.
func (p *program) translateDefaults(cmd *cobra.Command) {
	nothing := map[string]string{"bool": "false", "duration": "0s", "int": "0", "int64": "0", "string": "", "stringArray": "[]", "stringSlice": "[]"}
	said := func(f *pflag.Flag) {
		none, known := nothing[f.Value.Type()]
		if known && f.DefValue != none {
			f.Usage += p.words.Say("flag.default", f.DefValue)
			f.DefValue = none
		}
	}
	cmd.Flags().VisitAll(said)
	cmd.PersistentFlags().VisitAll(said)
}

// version is the module's version, or the revision that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && info.Main.Version == "(devel)" {
			return setting.Value[:min(12, len(setting.Value))]
		}
	}
	return info.Main.Version
}
