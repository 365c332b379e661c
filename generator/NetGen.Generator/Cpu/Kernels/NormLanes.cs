using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Text.Literals;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A value that a pass over a set reads or writes: the variable for its rows, what points at its sample, and its layout.</summary>
internal readonly record struct NormOperand(string Name, string Pointer, Layout Layout);

/// <summary>
/// Normalisation of images, in which each lane belongs to a set of its own: a channel's, or a sample's. The directions are written here;
/// how one gets from set to set and from element to element is the layouts'.
/// </summary>
internal abstract class NormLanes(NormGeometry norm, Layout input, SourceWriter writer, VectorIsa isa)
    : NormWriter(norm, input, writer, isa)
{
    /// <summary>What the gradient of the input sums.</summary>
    protected string[] GradientSums => Norm.Centred ? ["sum", "product"] : ["product"];

    /// <summary>The gradient of x̂ at <c>dy + i</c>.</summary>
    private string GradientValue => Norm.HasWeight ? $"{Isa.Load("dy + i")} * {Weight}" : Isa.Load("dy + i");

    /// <summary>A loop over the sets.</summary>
    /// <param name="operands">What the passes over the set will go through.</param>
    protected abstract BlockStack EachSet(params NormOperand[] operands);

    /// <summary>A pass over the elements of the set, at <c>i</c> behind the names of the operands.</summary>
    protected abstract void EachElement(Action body, params NormOperand[] operands);

    /// <summary>The same where the body adds to vectors, which are declared.</summary>
    protected abstract void SumElements(string[] sums, Action body, params NormOperand[] operands);

    /// <summary>Where the statistics of the set lie.</summary>
    protected abstract string SetStatistics { get; }

    /// <summary>The weight or bias of the element that is being visited.</summary>
    /// <param name="pointer">The parameter.</param>
    /// <param name="ofSet">The variable that holds it where the whole set has one (<see cref="DeclareFactors"/>).</param>
    protected abstract string Factor(string pointer, string ofSet);

    private string Weight => Factor("weight", "scale");

    private string Bias => Factor("bias", "shift");

    /// <summary>Where the statistics of the set are stored, after declaring what that takes.</summary>
    protected virtual string DeclareKept() => SetStatistics;

    /// <summary>Declares what <see cref="Factor"/> names, where the whole set has one weight.</summary>
    protected virtual void DeclareFactors(bool withBias)
    {
    }

    protected NormOperand X => new("x", "input", Input);

    protected static NormOperand Y(Layout output) => new("y", "output", output);

    protected static NormOperand Dy(Layout gradient) => new("dy", "outputGradient", gradient);

    protected static NormOperand Dx(Layout output) => new("dx", "output", output);

    public override void Forward(Layout output, Activation? activation, KernelNames names)
    {
        using (EachSet(X, Y(output)))
        {
            EmitStatistics();
            StoreStatistics(DeclareKept());
            EmitResult(output, activation, names);
        }
    }

    protected void EmitResult(Layout output, Activation? activation, KernelNames names)
    {
        Line("// Result.");
        DeclareFactors(withBias: Norm.HasBias);
        EachElement(() => Line(Isa.Store(Result(Weight, Bias, activation, names), "y + i")), X, Y(output));
    }

    public override void InputGradient(Layout gradient, Layout output)
    {
        using (EachSet(Dy(gradient), X, Dx(output)))
        {
            LoadStatistics(SetStatistics);
            EmitGradientSums(gradient);
            if (Norm.Centred)
                Line($"sum /= {Isa.Broadcast(SetSize)};");
            Line($"product /= {Isa.Broadcast(SetSize)};");
            StoreInputGradient(gradient, output);
        }
    }

    /// <summary>Sums the gradient of x̂, and its product with x̂.</summary>
    protected void EmitGradientSums(Layout gradient)
    {
        DeclareFactors(withBias: false);
        Line($"{Isa.Type} {(Norm.Centred ? $"sum = {Isa.Zero}, " : "")}product = {Isa.Zero};");
        SumElements(GradientSums, () =>
        {
            Line($"{Isa.Type} gradient = {GradientValue};");
            if (Norm.Centred)
                Line("sum += gradient;");
            Line($"product = {Isa.MultiplyAdd("gradient", Normalised, "product")};");
        }, Dy(gradient), X);
    }

    protected void StoreInputGradient(Layout gradient, Layout output)
        => EachElement(() => Line(Isa.Store(InputGradientOf(GradientValue, "sum", "product"), "dx + i")), Dy(gradient), X, Dx(output));

    /// <summary>Declares means, inverses and offsets of the set.</summary>
    private void EmitStatistics()
    {
        string size = Isa.Broadcast(SetSize), one = Isa.Broadcast("1f"), eps = Isa.Broadcast(Eps);
        if (!Norm.Centred)
        {
            Line("// Mean square.");
            Line($"{Isa.Type} square = {Isa.Zero};");
            SumElements(["square"], AddSquare, X);
            Line($"{Isa.Type} inverses = {one} / {Isa.Static}.Sqrt(square / {size} + {eps});");
            return;
        }
        Line("// Mean.");
        Line($"{Isa.Type} mean = {Isa.Zero};");
        SumElements(["mean"], () => Line($"mean += {Isa.Load("x + i")};"), X);
        Line($"mean /= {size};");
        Line("// Variance around it, and what its rounding has left.");
        Line($"{Isa.Type} rest = {Isa.Zero}, square = {Isa.Zero};");
        SumElements(["rest", "square"], AddSquare, X);
        Line($"rest /= {size};");
        string variance = Epilogue.Maximum(Isa, Isa.Zero, $"(square / {size} - rest * rest)");
        Line($"{Isa.Type} means = mean, inverses = {one} / {Isa.Static}.Sqrt({variance} + {eps}), offsets = -rest * inverses;");
    }

    /// <summary>Adds the square of the vector at <c>x + i</c>, around the mean where there is one.</summary>
    protected void AddSquare()
    {
        Line($"{Isa.Type} d = {Isa.Load("x + i")}{(Norm.Centred ? " - mean" : "")};");
        if (Norm.Centred)
            Line("rest += d;");
        Line($"square = {Isa.MultiplyAdd("d", "d", "square")};");
    }

    private void StoreStatistics(string address)
    {
        if (!Norm.Centred)
        {
            Line(Isa.Store("inverses", address));
            return;
        }
        Line(Isa.Store("means", address));
        Line(Isa.Store("inverses", $"{address} + {Int(StatisticsStride)}"));
        Line(Isa.Store("offsets", $"{address} + {Int(2 * StatisticsStride)}"));
    }
}
