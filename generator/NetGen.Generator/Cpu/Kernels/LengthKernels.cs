using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Kernels of one sample with a number of positions that is known at run time only.</summary>
internal static class LengthKernels
{
    /// <summary>How many positions the sample has.</summary>
    public static KernelParameter Length { get; } = Int("length");

    /// <summary>The first or the last position.</summary>
    public static Kernel Pick(string name, string summary, bool isLast, Layout input)
        => new(name, summary, $"The {Word(isLast)} of {input}.", [Floats("input"), Floats("output"), Length], (writer, isa, _) =>
        {
            writer.Line($"float* row = {Row("input", isLast, input)};");
            EachVector(writer, isa, input, () => writer.Line(isa.Store(isa.Load("row + i"), "output + i")));
        });

    /// <summary>The gradient of <see cref="Pick"/>: zero at all other positions.</summary>
    public static Kernel PickGradient(string name, string summary, bool isLast, Layout output)
        => new(name, summary, $"To the {Word(isLast)} of {output}; zero elsewhere.",
            [Floats("outputGradient"), Floats("output"), Length], (writer, isa, _) =>
        {
            writer.Line($"new Span<float>(output, length * {Literals.Int(output.Pitch)}).Clear();");
            writer.Line($"float* row = {Row("output", isLast, output)};");
            EachVector(writer, isa, output, () => writer.Line(isa.Store(isa.Load("outputGradient + i"), "row + i")));
        });

    /// <summary>Sum, mean, largest or smallest of all positions.</summary>
    public static Kernel Reduce(string name, string summary, ReduceFunction function, Layout input)
        => new(name, summary, $"Over the positions of {input}.", [Floats("input"), Floats("output"), Length], (writer, isa, names) =>
            EachVector(writer, isa, input, () =>
            {
                writer.Line("float* x = input + i;");
                if (ReducePositionsOp.IsExtreme(function))
                    EmitExtreme(writer, isa, names, function, input);
                else
                    EmitSum(writer, isa, "sum", () => isa.Load(At(input)));
                writer.Line(isa.Store(function switch
                {
                    ReduceFunction.Sum => "sum",
                    ReduceFunction.Mean => $"(sum / {isa.Broadcast("(float)length")})",
                    _ => "extreme",
                }, "output + i"));
            }));

    /// <summary>The gradient of a sum or mean.</summary>
    public static Kernel SumGradient(string name, string summary, ReduceFunction function, Layout output)
        => new(name, summary, $"To all positions of {output}.", [Floats("outputGradient"), Floats("output"), Length], (writer, isa, _) =>
        {
            if (function == ReduceFunction.Mean)
                writer.Line($"{isa.Type} share = {isa.Broadcast("1f / length")};");
            string value = isa.Load("outputGradient + i") + (function == ReduceFunction.Mean ? " * share" : "");
            EachVector(writer, isa, output, () =>
            {
                writer.Line($"{isa.Type} gradient = {value};");
                EachPosition(writer, () => writer.Line(isa.Store("gradient", $"output + i + {Position(output)}")));
            });
        });

    /// <summary>dx = dy / number of equals where x is the extreme, 0 elsewhere, as in PyTorch.</summary>
    public static Kernel ExtremeGradient(string name, string summary, Layout output)
        => new(name, summary, $"Divided among the equal ones of {output}.",
            [Floats("outputGradient"), Floats("input"), Floats("saved"), Floats("output"), Length], (writer, isa, names) =>
            EachVector(writer, isa, output, () =>
            {
                var code = new VectorCode(isa, names);
                ElementMask isExtreme = ElementValue.Equal(code.Load(At(output)), ElementValue.Named("extreme"));
                writer.Line("float* x = input + i;");
                writer.Line($"{isa.Type} extreme = {isa.Load("saved + i")}, gradient = {isa.Load("outputGradient + i")};");
                EmitSum(writer, isa, "equals", () => code.Text(ElementValue.ZeroUnless(isExtreme, 1f)));
                EachPosition(writer, () => writer.Line(isa.Store(
                    $"({code.Text(ElementValue.ZeroUnless(isExtreme, ElementValue.Named("gradient")))} / equals)",
                    $"output + i + {Position(output)}")));
            }));

    /// <summary>exp(x) over the sum of all positions.</summary>
    public static Kernel Softmax(string name, string summary, int features, Layout layout)
        => new(name, summary, $"Over the positions of {layout}. The largest is subtracted first, so that the exponential cannot overflow.",
            [Floats("input"), Floats("output"), Length], (writer, isa, names) =>
        {
            EachVector(writer, isa, layout, () =>
            {
                writer.Line("float* x = input + i, y = output + i;");
                EmitExtreme(writer, isa, names, ReduceFunction.Amax, layout);
                EmitSum(writer, isa, "sum", () =>
                {
                    writer.Line($"{isa.Type} power = {names.Math(Exponential.Exp)}({isa.Load(At(layout))} - extreme);");
                    writer.Line(isa.Store("power", $"y + {Position(layout)}"));
                    return "power";
                });
                EachPosition(writer, () => writer.Line(
                    isa.Store($"({isa.Load($"y + {Position(layout)}")} / sum)", $"y + {Position(layout)}")));
            });
            // What fills up the last vector has a softmax as well, and must be zero.
            if (features < layout.Pitch)
            {
                EachPosition(writer, () => writer.Line($"new Span<float>(output + {Position(layout)} + {Literals.Int(features)}, "
                    + $"{Literals.Int(layout.Pitch - features)}).Clear();"));
            }
        });

    /// <summary>dx = y (dy − Σ dy y), with the sum over all positions.</summary>
    public static Kernel SoftmaxGradient(string name, string summary, Layout layout)
        => new(name, summary, $"dx = y (dy − Σ dy y), over the positions of {layout}.",
            [Floats("outputGradient"), Floats("saved"), Floats("output"), Length], (writer, isa, _) => EachVector(writer, isa, layout, () =>
            {
                writer.Line("float* x = saved + i, dy = outputGradient + i;");
                string flow = isa.Load($"dy + {Position(layout)}"), saved = isa.Load(At(layout));
                EmitSum(writer, isa, "products", () => $"{flow} * {saved}");
                EachPosition(writer, () => writer.Line(isa.Store($"({saved} * ({flow} - products))", $"output + i + {Position(layout)}")));
            }));

    private static void EmitSum(SourceWriter writer, VectorIsa isa, string sum, Func<string> term)
    {
        var total = new LongSum(writer, isa, sum);
        total.Declare();
        total.EachSample("length", () => writer.Line($"{sum} += {term()};"));
        total.End();
    }

    /// <summary>NaN where one is NaN, as in PyTorch.</summary>
    private static void EmitExtreme(SourceWriter writer, VectorIsa isa, KernelNames names, ReduceFunction function, Layout input)
    {
        bool isLargest = function == ReduceFunction.Amax;
        writer.Line($"{isa.Type} extreme = {isa.Load("x")};");
        using (writer.Block("for (int n = 1; n < length; n++)"))
        {
            writer.Line($"{isa.Type} element = {isa.Load(At(input))};");
            ElementValue next = BinaryFunctions.Apply(isLargest ? BinaryFunction.Maximum : BinaryFunction.Minimum,
                ElementValue.Named("element"), ElementValue.Named("extreme"));
            writer.Line($"extreme = {new VectorCode(isa, names).Text(next)};");
        }
    }

    private static string Word(bool isLast) => isLast ? "last position" : "first position";

    private static string Row(string pointer, bool isLast, Layout layout)
        => isLast ? $"{pointer} + (length - 1) * {Literals.Int(layout.Pitch)}L" : pointer;

    private static string Position(Layout layout) => $"n * {Literals.Int(layout.Pitch)}L";

    /// <summary>A vector of position <c>n</c>.</summary>
    private static string At(Layout layout) => $"x + {Position(layout)}";

    /// <summary>A loop over the vectors of a position.</summary>
    private static void EachVector(SourceWriter writer, VectorIsa isa, Layout layout, Action body)
    {
        using (writer.Block($"for (int i = 0; i < {Literals.Int(layout.Pitch)}; i += {Literals.Int(isa.Lanes)})"))
            body();
    }

    private static void EachPosition(SourceWriter writer, Action body)
    {
        using (writer.Block("for (int n = 0; n < length; n++)"))
            body();
    }
}
