using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A kernel over rows for a sample that has several: workers divide its rows.</summary>
internal static class RowShare
{
    /// <param name="rows">A kernel whose samples are rows.</param>
    /// <param name="count">Rows of a sample.</param>
    /// <param name="strides">By pointer, floats from one row to the next; other pointers stay where they are.</param>
    public static Kernel Of(Kernel rows, int count, IReadOnlyDictionary<string, int> strides)
    {
        KernelParameter[] operands = [.. rows.Parameters.Where(parameter => parameter.Source == ParameterSource.Call)];
        return new Kernel(rows.Name, rows.Summary, rows.Remarks, rows.Parameters, rows.EmitBody)
        {
            IsHot = rows.IsHot,
            SharedAs = rows.SharedAs,
            TakesAllSamples = rows.TakesAllSamples,
            Tile = rows.Tile,
            Part = new Kernel(rows.Name + "Part", rows.Summary, $"{Literals.Count(count)} rows of one sample, divided among workers.",
                [.. operands, .. KernelParameters.Share], (writer, _, names) =>
            {
                writer.Line(TaskShare.Declare(count, "first", "end"));
                writer.Line($"{names.Use(rows)}({string.Join(", ", rows.Parameters.Select(Argument))});");
            }) { IsHot = false },
        };

        string Argument(KernelParameter parameter) => parameter.Source == ParameterSource.Samples ? "end - first"
            : strides.TryGetValue(parameter.Name, out int stride) ? $"{parameter.Name} + first * {Literals.Int(stride)}" : parameter.Name;
    }
}
