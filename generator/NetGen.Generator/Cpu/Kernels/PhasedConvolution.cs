using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Phases of one shape along one axis: what their kernels have as constants, and the range of what tells them apart.</summary>
/// <param name="Taps">Taps of each phase.</param>
/// <param name="Count">Positions of each phase.</param>
/// <param name="MinBefore">The smallest of <see cref="StridePhase.Before"/>.</param>
/// <param name="MaxBefore">The largest.</param>
internal readonly record struct PhaseGroup(int Taps, int Count, int MinBefore, int MaxBefore)
{
    /// <summary>
    /// The groups of an axis: taps differ by one at most where there are any, and so do counts. Found from the first taps, which are as few as
    /// the window has taps, however large the stride.
    /// </summary>
    public static IReadOnlyList<PhaseGroup> Of(StridePhases axis)
    {
        var groups = new Dictionary<(int Taps, int Count), (int Min, int Max, int Phases)>();
        for (int first = 0; first < Math.Min(axis.TapStep, axis.Taps); first++)
        {
            int start = axis.StartOf(first);
            if (start >= axis.Count)
                continue;
            StridePhase phase = axis[start];
            (int min, int max, int phases) = groups.TryGetValue((phase.Taps, phase.Count), out var known) ? known : (phase.Before, phase.Before, 0);
            groups[(phase.Taps, phase.Count)] = (Math.Min(min, phase.Before), Math.Max(max, phase.Before), phases + 1);
        }
        // The phases that no tap hits.
        int larger = axis.Stride >= axis.Positions ? axis.Count : axis.Positions % axis.Stride;
        AddEmpty(axis.Positions / axis.Stride + 1, larger);
        AddEmpty(axis.Positions / axis.Stride, axis.Count - larger);
        return groups.Select(group => new PhaseGroup(group.Key.Taps, group.Key.Count, group.Value.Min, group.Value.Max)).OrderByDescending(group => group.Taps).ThenByDescending(group => group.Count).ToList();

        void AddEmpty(int count, int phases)
        {
            if (axis.Stride >= axis.Positions)
                count = 1;
            if (phases > groups.Where(group => group.Key.Count == count).Sum(group => group.Value.Phases))
                groups.Add((0, count), (0, 0, 0));
        }
    }
}

/// <summary>
/// The phases of a strided convolution's input gradient, as a loop at run time around the kernels of the few shapes that they have: the text
/// does not grow with the stride.
/// </summary>
internal static class PhasedConvolution
{
    /// <summary>So many phases have kernels of their own, with every number written down: those of a stride of 2 in both directions.</summary>
    public const int MaxOwnKernels = 4;

    /// <summary>The parameters by which a kernel of phases is told which it computes, at the end of its own.</summary>
    public static readonly IReadOnlyList<KernelParameter> Parameters = [Int("phaseRows"), Int("phaseTop"), Int("phaseLeft")];

    /// <param name="Geometry">See <see cref="ConvolutionGeometry.IsShared"/>.</param>
    /// <param name="Kernel">Computes a phase of this shape.</param>
    public sealed record Shape(ConvolutionGeometry Geometry, Kernel Kernel)
    {
        /// <summary>No tap meets the phases: only what the epilogue makes of the bias is stored.</summary>
        public bool IsEmpty => Geometry.Taps.Area == 0;
    }

    /// <param name="shapes">For every phase the shape with its taps and its number of columns.</param>
    /// <param name="rows">The phases of the rows.</param>
    /// <param name="columns">The phases of the columns.</param>
    /// <param name="weights">C# expression of the weights of a phase, from the variables <c>row</c> and <c>column</c>.</param>
    public static Kernel Create(string name, string summary, IReadOnlyList<Shape> shapes, StridePhases rows, StridePhases columns, string weights, ConvolutionEpilogue epilogue)
    {
        Layout target = shapes[0].Geometry.Target;
        KernelParameter count = CountOf(target);
        string remarks = $"{Literals.Int(rows.Count)} × {Literals.Int(columns.Count)} phases of the stride, of {ConvolutionRows.Count(shapes.Count, "shape")}. Output {target}.";
        return new Kernel(name, summary, remarks, epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], [count]), (writer, _, names) => Emit(writer, names, part: false))
        {
            IsHot = false,
            TakesAllSamples = shapes.Any(shape => shape.Kernel.TakesAllSamples),
            Part = target.Kind == LayoutKind.Samples ? null : new Kernel(name + "Part", summary, remarks + " One sample, whose phases are divided among workers.",
                epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], Share), (writer, _, names) => Emit(writer, names, part: true)) { IsHot = false },
        };

        void Emit(SourceWriter writer, KernelNames names, bool part)
        {
            writer.Line($"var rowPhases = {New(rows)};");
            writer.Line($"var columnPhases = {New(columns)};");
            if (part)
            {
                using (writer.Block(TaskShare.Loop(rows.Count * columns.Count, "task")))
                {
                    writer.Line($"StridePhase row = rowPhases[task / {Literals.Int(columns.Count)}], column = columnPhases[task % {Literals.Int(columns.Count)}];");
                    EmitPhase(writer, names, "1");
                }
                return;
            }
            using (writer.Block("for (int startRow = 0; startRow < rowPhases.Count; startRow++)"))
            {
                writer.Line("StridePhase row = rowPhases[startRow];");
                using (writer.Block("for (int startColumn = 0; startColumn < columnPhases.Count; startColumn++)"))
                {
                    writer.Line("StridePhase column = columnPhases[startColumn];");
                    EmitPhase(writer, names, count.Name);
                }
            }
        }

        void EmitPhase(SourceWriter writer, KernelNames names, string number)
        {
            writer.Line($"float* phaseWeights = {weights};");
            writer.Line($"float* phaseOutput = output + {Start(target)};");
            if (epilogue.Other is { } other)
                writer.Line($"float* phaseOther = {epilogue.OtherName} + {Start(other)};");
            string arguments = epilogue.Arguments(["input", "phaseWeights"], "bias", "phaseOutput", _ => "phaseOther", number, "row.Count", "row.Before", "column.Before");
            for (int i = 0; i < shapes.Count; i++)
            {
                string call = $"{names.Use(shapes[i].Kernel)}({arguments});";
                if (shapes.Count == 1)
                {
                    writer.Line(call);
                    continue;
                }
                writer.Line($"{(i == 0 ? "" : "else ")}{(i == shapes.Count - 1 ? "" : $"if ({Condition(shapes[i])})")}".TrimEnd());
                using (writer.Indent())
                    writer.Line(call);
            }
        }

        string Condition(Shape shape)
        {
            string taps = shape.IsEmpty ? "(row.Taps == 0 || column.Taps == 0)" : $"row.Taps == {Literals.Int(shape.Geometry.Taps.Height)} && column.Taps == {Literals.Int(shape.Geometry.Taps.Width)}";
            return $"{taps} && column.Count == {Literals.Int(shape.Geometry.Pixels.Width)}";
        }
    }

    /// <summary>The C# expression that makes the phases of an axis.</summary>
    public static string New(StridePhases axis)
        => $"new StridePhases(positions: {Literals.Int(axis.Positions)}, taps: {Literals.Int(axis.Taps)}, stride: {Literals.Int(axis.Stride)}, padding: {Literals.Int(axis.Padding)}, dilation: {Literals.Int((long)axis.Dilation * (axis.Stride / axis.TapStep))})";

    private static string Start(Layout layout) => $"row.Start * {Literals.Int(layout.RowStride)} + column.Start * {Literals.Int(Layout.Block)}";
}
