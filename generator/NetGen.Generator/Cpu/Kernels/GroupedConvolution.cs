using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A kernel for one group of a convolution's channels, run for all groups: each has its own part of every operand.</summary>
internal static class GroupedConvolution
{
    /// <summary>Forward or an input's gradient.</summary>
    /// <param name="group">The kernel of the first group.</param>
    /// <param name="strides">Floats from one group's part to the next, by the kernel's parameter; operands not listed belong to all
    /// groups.</param>
    public static Kernel Over(int groups, Kernel group, string name, string summary, IReadOnlyDictionary<KernelParameter, long> strides)
        => new(name, summary, Remarks(groups), group.Parameters, (writer, _, names) =>
        {
            using (writer.Block($"for (int group = 0; group < {Literals.Int(groups)}; group++)"))
                writer.Line($"{names.Use(group)}({Arguments(group, strides)});");
        })
        {
            IsHot = false,
            Part = group.Part is not { } part ? null : new Kernel(name + "Part", summary,
                Remarks(groups) + " One sample, divided among workers.", part.Parameters, (writer, _, names) =>
            {
                using (writer.Block($"for (int group = 0; group < {Literals.Int(groups)}; group++)"))
                    writer.Line($"{names.Use(part)}({Arguments(part, strides)});");
            }) { IsHot = false },
        };

    /// <summary>A gradient of weights, whose work is divided among workers.</summary>
    public static Kernel OverForParameters(int groups, Kernel group, string name,
        string summary, IReadOnlyDictionary<KernelParameter, long> strides)
        => new(name, summary, Remarks(groups), group.Parameters, (writer, _, names) =>
        {
            writer.Line("// Workers take whole groups where there are enough of them; otherwise they share each group.");
            writer.Line($"bool whole = workers <= {Literals.Int(groups)};");
            writer.Line($"int firstGroup = whole ? {Literals.Int(groups)} * worker / workers : 0, "
                + $"endGroup = whole ? {Literals.Int(groups)} * (worker + 1) / workers : {Literals.Int(groups)};");
            using (writer.Block("for (int group = firstGroup; group < endGroup; group++)"))
                writer.Line($"{names.Use(group)}({Arguments(group, strides, OfGroup)});");
        }) { IsHot = false };

    /// <summary>A worker that has a whole group is the only one of it.</summary>
    private static string OfGroup(KernelParameter parameter) => parameter.Source switch
    {
        ParameterSource.Worker => "whole ? 0 : worker",
        ParameterSource.Workers => "whole ? 1 : workers",
        _ => parameter.Name,
    };

    private static string Remarks(int groups) => $"{Literals.Int(groups)} groups of channels, one after the other.";

    /// <param name="other">What stands for a parameter that has no part for each group; null for its name.</param>
    private static string Arguments(
        Kernel kernel, IReadOnlyDictionary<KernelParameter, long> strides, Func<KernelParameter, string>? other = null)
        => string.Join(", ", kernel.Parameters.Select(parameter => strides.TryGetValue(parameter, out long stride)
            ? $"{parameter.Name} + group * {(stride > int.MaxValue ? "(long)" : "")}{Literals.Int(stride)}"
            : other?.Invoke(parameter) ?? parameter.Name));
}
