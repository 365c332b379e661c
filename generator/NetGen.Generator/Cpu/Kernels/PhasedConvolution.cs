using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The phases of a strided convolution's input gradient, as a loop at run time around the kernels of the few shapes that they have: the
/// text does not grow with the stride.
/// </summary>
internal sealed class PhasedConvolution
{
    /// <summary>
    /// So many phases have kernels of their own, with every number written down: those of a stride of 2 in both directions.
    /// </summary>
    public const int MaxOwnKernels = 4;

    /// <summary>The parameters by which a kernel of phases is told which it computes, at the end of its own.</summary>
    public static readonly IReadOnlyList<KernelParameter> Parameters = [Int("phaseRows"), Int("phaseTop"), Int("phaseLeft")];

    private readonly IReadOnlyList<Shape> _shapes;
    private readonly StridePhases _rows, _columns;
    private readonly PhaseWeights _weights;
    private readonly ConvolutionEpilogue _epilogue;

    private PhasedConvolution(IReadOnlyList<Shape> shapes, StridePhases rows,
        StridePhases columns, PhaseWeights weights, ConvolutionEpilogue epilogue)
        => (_shapes, _rows, _columns, _weights, _epilogue) = (shapes, rows, columns, weights, epilogue);

    /// <param name="Geometry">See <see cref="ConvolutionGeometry.IsShared"/>.</param>
    /// <param name="Kernel">Computes a phase of this shape.</param>
    public sealed record Shape(ConvolutionGeometry Geometry, Kernel Kernel)
    {
        /// <summary>No tap meets the phases: only what the epilogue makes of the bias is stored.</summary>
        public bool IsEmpty => Geometry.Taps.Area == 0;

        /// <summary>The C# condition under which a phase has this shape.</summary>
        public string Condition
        {
            get
            {
                string taps = IsEmpty
                    ? "(row.Taps == 0 || column.Taps == 0)"
                    : $"row.Taps == {Literals.Int(Geometry.Taps.Height)} && column.Taps == {Literals.Int(Geometry.Taps.Width)}";
                return $"{taps} && column.Count == {Literals.Int(Geometry.Pixels.Width)}";
            }
        }
    }

    /// <param name="shapes">For every phase the shape with its taps and its number of columns.</param>
    /// <param name="rows">The phases of the rows.</param>
    /// <param name="columns">The phases of the columns.</param>
    public static Kernel Create(
        string name, string summary, IReadOnlyList<Shape> shapes, StridePhases rows, StridePhases columns, PhaseWeights weights,
        ConvolutionEpilogue epilogue)
        => new PhasedConvolution(shapes, rows, columns, weights, epilogue).Create(name, summary);

    private Layout Target => _shapes[0].Geometry.Target;

    private Kernel Create(string name, string summary)
    {
        string phases = $"{Literals.Int(_rows.Count)} × {Literals.Int(_columns.Count)} phases of the stride";
        string remarks = $"{phases}, of {ConvolutionRows.Count(_shapes.Count, "shape")}. Output {Target}.";
        KernelParameter[] operands = [ConvolutionParameters.Input, ConvolutionParameters.Weights];
        return new Kernel(name, summary, remarks, _epilogue.Parameters(operands, [CountOf(Target)]), EmitAll)
        {
            IsHot = false,
            TakesAllSamples = _shapes.Any(shape => shape.Kernel.TakesAllSamples),
            Part = Target.Kind == LayoutKind.Samples ? null : new Kernel(name + "Part", summary,
                remarks + " One sample, whose phases are divided among workers.",
                _epilogue.Parameters(operands, Share), EmitPart) { IsHot = false },
        };
    }

    private void EmitAll(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        EmitPhases(writer);
        using (writer.Block("for (int startRow = 0; startRow < rowPhases.Count; startRow++)"))
        {
            writer.Line("StridePhase row = rowPhases[startRow];");
            using (writer.Block("for (int startColumn = 0; startColumn < columnPhases.Count; startColumn++)"))
            {
                writer.Line("StridePhase column = columnPhases[startColumn];");
                EmitPhase(writer, names, CountOf(Target).Name);
            }
        }
    }

    /// <summary>One worker's share of a sample: some of the phases.</summary>
    private void EmitPart(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        EmitPhases(writer);
        string columns = Literals.Int(_columns.Count);
        using (writer.Block(TaskShare.Loop(_rows.Count * _columns.Count, "task")))
        {
            writer.Line($"StridePhase row = rowPhases[task / {columns}], column = columnPhases[task % {columns}];");
            EmitPhase(writer, names, "1");
        }
    }

    private void EmitPhases(SourceWriter writer)
    {
        writer.Line($"var rowPhases = {New(_rows)};");
        writer.Line($"var columnPhases = {New(_columns)};");
    }

    /// <summary>The phase of the variables <c>row</c> and <c>column</c>.</summary>
    /// <param name="count">C# expression: samples, or blocks of them.</param>
    private void EmitPhase(SourceWriter writer, KernelNames names, string count)
    {
        writer.Line($"float* phaseWeights = weights + {_weights.Offset};");
        writer.Line($"float* phaseOutput = output + {Start(Target)};");
        if (_epilogue.Other is { } other)
            writer.Line($"float* phaseOther = {_epilogue.OtherName} + {Start(other)};");
        string arguments = _epilogue.Arguments(["input", "phaseWeights"], "bias", "phaseOutput", _ => "phaseOther",
            count, "row.Count", "row.Before", "column.Before");
        if (_shapes.Count == 1)
        {
            writer.Line($"{names.Use(_shapes[0].Kernel)}({arguments});");
            return;
        }
        for (int i = 0; i < _shapes.Count; i++)
        {
            string method = names.Use(_shapes[i].Kernel);
            writer.Line(i == _shapes.Count - 1 ? "else" : $"{(i == 0 ? "" : "else ")}if ({_shapes[i].Condition})");
            using (writer.Indent())
                writer.Line($"{method}({arguments});");
        }
    }

    /// <summary>The C# expression that makes the phases of an axis.</summary>
    public static string New(StridePhases axis)
    {
        string dilation = Literals.Int((long)axis.Dilation * (axis.Stride / axis.TapStep));
        return $"new StridePhases(positions: {Literals.Int(axis.Positions)}, "
            + $"taps: {Literals.Int(axis.Taps)}, stride: {Literals.Int(axis.Stride)}, "
            + $"padding: {Literals.Int(axis.Padding)}, dilation: {dilation})";
    }

    private static string Start(Layout layout)
        => $"row.Start * {Literals.Int(layout.RowStride)} + column.Start * {Literals.Int(Layout.Block)}";
}
