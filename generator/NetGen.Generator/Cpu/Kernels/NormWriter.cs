using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Text.Literals;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Writes the three directions of a normalisation for one layout. What the layouts have in common is here: x̂ from x and the kept
/// statistics, scale and shift, and what the gradients of weight and bias sum.
/// </summary>
internal abstract class NormWriter(NormGeometry norm, Layout input, SourceWriter writer, VectorIsa isa)
{
    protected NormGeometry Norm { get; } = norm;

    protected Layout Input { get; } = input;

    protected SourceWriter Writer { get; } = writer;

    protected VectorIsa Isa { get; } = isa;

    protected int Padded => Layout.RoundUp(Norm.Channels);

    /// <summary>The variable that counts samples, or blocks of them.</summary>
    protected string Count => KernelParameters.CountOf(Input).Name;

    /// <summary>Elements of a set, as a C# number.</summary>
    protected string SetSize => Int(Norm.SetSize) + "f";

    protected string Eps => Float(Norm.Eps);

    protected Layout Statistics => Norm.StatisticsLayout(Input.Kind);

    /// <summary>Floats from one run of statistics to the next.</summary>
    protected int StatisticsStride => Norm.StatisticsStride(Input.Kind);

    /// <summary>What the gradients of weight and bias sum.</summary>
    protected string[] ParameterSums => Norm.HasBias ? ["product", "sum"] : ["product"];

    public static NormWriter For(NormGeometry norm, Layout input, SourceWriter writer, VectorIsa isa) => input.Kind switch
    {
        LayoutKind.Rows => new NormRows(norm, input, writer, isa),
        LayoutKind.Samples => new NormSamples(norm, input, writer, isa),
        _ when norm.PerRow => new NormBlockRows(norm, input, writer, isa),
        _ when norm.GroupChannels == 1 => new NormBlockPlanes(norm, input, writer, isa),
        _ => new NormBlockGroups(norm, input, writer, isa),
    };

    /// <summary>One sample's result, and its statistics.</summary>
    public abstract void Forward(Layout output, Activation? activation, KernelNames names);

    /// <summary>One sample's gradient of the input.</summary>
    public abstract void InputGradient(Layout gradient, Layout output);

    /// <summary>This worker's share of the gradients of weight and bias, over all samples.</summary>
    public abstract void ParameterGradient(Layout gradient);

    protected void Line(string text) => Writer.Line(text);

    protected static string At(int offset) => offset == 0 ? "" : " + " + Int(offset);

    /// <summary>x̂ of the vector at <c>x + i</c>, from the vectors of statistics.</summary>
    protected string Normalised => Norm.Centred ? Isa.MultiplyAdd($"{Isa.Load("x + i")} - means", "inverses", "offsets")
        : $"{Isa.Load("x + i")} * inverses";

    /// <summary>The result for the vector at <c>x + i</c>.</summary>
    protected string Result(string weight, string bias, Activation? activation, KernelNames names)
    {
        string scaled = !Norm.HasWeight ? Normalised
            : Norm.HasBias ? Isa.MultiplyAdd(Normalised, weight, bias) : $"{Expressions.Operand(Normalised)} * {weight}";
        return Finish($"({scaled})", activation, names);
    }

    protected string Finish(string value, Activation? activation, KernelNames names)
        => activation is null ? value : $"({activation.Apply(Isa, names, value)})";

    /// <summary>The gradient of the input for the vector at <c>x + i</c>.</summary>
    /// <param name="gradient">The gradient of x̂.</param>
    /// <param name="sum">The variable with its mean over the set; likewise <paramref name="product"/> with that of its product with
    /// x̂.</param>
    protected string InputGradientOf(string gradient, string sum, string product)
        => $"(inverses * ({gradient}{(Norm.Centred ? $" - {sum}" : "")} - {Expressions.Operand(Normalised)} * {product}))";

    /// <summary>Declares the statistics of sets that lie in lanes.</summary>
    protected void LoadStatistics(string address)
        => Line(Norm.Centred
            ? $"{Isa.Type} means = {Isa.Load(address)}, inverses = {Isa.Load($"{address} + {Int(StatisticsStride)}")}, "
                + $"offsets = {Isa.Load($"{address} + {Int(2 * StatisticsStride)}")};"
            : $"{Isa.Type} inverses = {Isa.Load(address)};");

    /// <summary>Adds the vector at <c>dy + i</c> to the sums of <see cref="ParameterSums"/>.</summary>
    protected void AddToParameterSums()
    {
        Line($"{Isa.Type} gradient = {Isa.Load("dy + i")};");
        Line($"product = {Isa.MultiplyAdd("gradient", Normalised, "product")};");
        if (Norm.HasBias)
            Line("sum += gradient;");
    }

    /// <summary>Stores the vectors of <see cref="ParameterSums"/>.</summary>
    protected void StoreParameterSums(string offset)
    {
        Line(Isa.Store("product", $"weightGradient + {offset}"));
        if (Norm.HasBias)
            Line(Isa.Store("sum", $"biasGradient + {offset}"));
    }

    /// <summary>Stores <see cref="ParameterSums"/>, each summed over the lanes.</summary>
    protected void StoreParameterSums(LongSum total, string index)
    {
        Line($"weightGradient[{index}] = (float){total.OfLanes("product")};");
        if (Norm.HasBias)
            Line($"biasGradient[{index}] = (float){total.OfLanes("sum")};");
    }
}
