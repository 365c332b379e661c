using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>Writes the method of one instruction set that derives what kernels read from the weights.</summary>
internal static class PreparationDriver
{
    public static void Emit(SourceWriter writer, KernelNames names, CallArguments arguments, PreparedWeights prepared, EntryPoint entry,
        string summary, string suffix)
    {
        var tokens = new CallTokens(names, arguments);
        var sections = new DriverSections(entry.Name, suffix, entry.Parameters);
        writer.Line();
        writer.Line($"/// <summary>{summary}</summary>");
        using (writer.UncheckedMethod($"internal static void {entry.Name}{suffix}({entry.Parameters.Declaration()})"))
        {
            IReadOnlyList<Repetition> stretches = Repetition.Find(
                prepared.Steps.Select(step => tokens.Of(step, prepared.ForInputGradientOnly.Contains(step.Node))).ToList());
            bool whole = stretches.Where(stretch => stretch.Count == 1).Sum(stretch => stretch.Period) <= DriverSections.MaxCalls;
            foreach (Repetition stretch in stretches)
            {
                if (stretch.Count > 1)
                    EmitRepeated(stretch);
                else if (whole)
                    EmitSteps(writer, prepared.Steps.Skip(stretch.Start).Take(stretch.Period));
                else
                    EmitInSections(prepared.Steps.Skip(stretch.Start).Take(stretch.Period).ToList());
            }
        }
        sections.Emit(writer);

        void EmitRepeated(Repetition stretch)
        {
            string first = prepared.Steps[stretch.Start].Node.Name, last = prepared.Steps[stretch.End - 1].Node.Name;
            List<PreparedWeights.Step> steps = Enumerable.Range(stretch.Start, stretch.Period)
                .Select(i => Stepped(prepared.Steps[i], prepared.Steps[i + stretch.Period])).ToList();
            writer.Line($"// {first} to {last}: {Literals.Int(stretch.Count)} times the same.");
            using (writer.Block($"for (int {CallText.Repeat} = 0; {CallText.Repeat} < {Literals.Int(stretch.Count)}; {CallText.Repeat}++)"))
            {
                foreach (IReadOnlyList<PreparedWeights.Step> part in DriverSections.Split(steps))
                    writer.Line(sections.Add([Int(CallText.Repeat)], repeats: true, body => EmitSteps(body, part)));
            }
        }

        void EmitInSections(IReadOnlyList<PreparedWeights.Step> steps)
        {
            foreach (IReadOnlyList<PreparedWeights.Step> part in DriverSections.Split(steps))
                writer.Line(sections.Add([], repeats: false, body => EmitSteps(body, part)));
        }

        void EmitSteps(SourceWriter target, IEnumerable<PreparedWeights.Step> steps)
        {
            foreach (PreparedWeights.Step step in steps)
                EmitStep(target, step, names, prepared.ForInputGradientOnly.Contains(step.Node));
        }
    }

    private static PreparedWeights.Step Stepped(PreparedWeights.Step first, PreparedWeights.Step next)
    {
        switch (first, next)
        {
            case (PreparedWeights.KernelStep kernel, PreparedWeights.KernelStep other):
                return new PreparedWeights.KernelStep(kernel.Node, kernel.Kernel,
                    kernel.Arguments.Zip(other.Arguments, CallArguments.Stepped).ToList());
            case (PreparedWeights.RuntimeStep call, PreparedWeights.RuntimeStep other):
                Argument[] arguments = call.Call.Arguments.Zip(other.Call.Arguments, CallArguments.Stepped).ToArray();
                return call with { Call = call.Call with { Arguments = arguments } };
            default:
                throw new InvalidOperationException($"{first} and {next} are no times of one repetition.");
        }
    }

    private static void EmitStep(SourceWriter writer, PreparedWeights.Step step, KernelNames names, bool forInputGradientOnly)
    {
        string statement = step switch
        {
            PreparedWeights.KernelStep call
                => CallText.Kernel(call.Kernel, names.Use(call.Kernel), call.Arguments, samples: "", blocks: "", CallText.Argument),
            PreparedWeights.RuntimeStep call => CallText.Runtime(call.Call),
            _ => throw new InvalidOperationException($"{step} is no call."),
        };
        writer.Line($"// {step.Node.Name}");
        if (!forInputGradientOnly)
        {
            writer.Line(statement);
            return;
        }
        writer.Line("if (wantsInputGradient)");
        using (writer.Indent())
            writer.Line(statement);
    }
}
