using NetGen.Generator.Text;

namespace NetGen.Generator.Specs;

/// <summary>
/// A function applied to every element, with its constants, alone or in the epilogue of another layer. Equal records are equal functions;
/// what they compute stands in Functions/Activations, a class for each.
/// </summary>
internal abstract record Activation
{
    public static Activation ReLU { get; } = new ReLUActivation();

    public static Activation Sigmoid { get; } = new SigmoidActivation();

    public static Activation Tanh { get; } = new TanhActivation();

    /// <summary>x Φ(x) with the exact error function, PyTorch's default.</summary>
    public static Activation GELU { get; } = new GELUActivation();

    /// <summary>PyTorch's <c>approximate='tanh'</c>.</summary>
    public static Activation GELUTanh { get; } = new GELUTanhActivation();

    /// <summary>PyTorch's name, e.g. <c>LeakyReLU</c>.</summary>
    public abstract string TypeName { get; }

    /// <summary>An identifier for the methods that compute it.</summary>
    public virtual string Stem => TypeName;

    /// <summary>With its constants, where they are not PyTorch's, e.g. <c>LeakyReLU(0.2)</c>.</summary>
    public virtual string Title => TypeName;

    /// <summary>It gives zero at zero, so that elements that stand for nothing stay zero by themselves.</summary>
    public virtual bool KeepsZero => true;

    /// <summary>A few operations, no division and no power of e among them.</summary>
    public virtual bool IsCheap => false;

    /// <summary>The derivative follows from the input only; otherwise it follows from the output, and can be fused.</summary>
    public virtual bool NeedsInput => false;

    /// <summary>It never falls where its argument grows, so that it may be applied after a maximum instead of before.</summary>
    public virtual bool IsIncreasing => false;

    /// <summary>Its derivative is 1 everywhere: a gradient goes through it as it is.</summary>
    public virtual bool HasUnitSlope => false;

    /// <summary>
    /// It gives no infinity and no NaN for ordinary numbers, but by overflow: what it makes of elements that stand for nothing can be
    /// multiplied by zero.
    /// </summary>
    public virtual bool StaysFinite => true;

    public sealed override string ToString() => Title;

    protected static string Number(float value) => Invariant.Text(value);
}

/// <summary>max(x, 0).</summary>
internal sealed record ReLUActivation : Activation
{
    public override string TypeName => "ReLU";

    public override bool IsCheap => true;

    public override bool IsIncreasing => true;
}

/// <summary>1 / (1 + e⁻ˣ).</summary>
internal sealed record SigmoidActivation : Activation
{
    public override string TypeName => "Sigmoid";

    public override bool KeepsZero => false;

    public override bool IsIncreasing => true;
}

/// <summary>The hyperbolic tangent.</summary>
internal sealed record TanhActivation : Activation
{
    public override string TypeName => "Tanh";

    public override bool IsIncreasing => true;
}

/// <summary>x Φ(x), with Φ(x) = ½(1 + erf(x / √2)).</summary>
internal sealed record GELUActivation : Activation
{
    public override string TypeName => "GELU";

    public override bool NeedsInput => true;
}

/// <summary>½x(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
internal sealed record GELUTanhActivation : Activation
{
    public override string TypeName => "GELU";

    public override string Stem => "GELUTanh";

    public override string Title => "GELU(tanh)";

    public override bool NeedsInput => true;
}

/// <summary>x above zero, slope · x below.</summary>
internal sealed record LeakyReLUActivation(float NegativeSlope) : Activation
{
    public override string TypeName => "LeakyReLU";

    public override string Title => $"LeakyReLU({Number(NegativeSlope)})";

    public override bool IsCheap => true;

    /// <summary>With a negative slope the output's sign says nothing.</summary>
    public override bool NeedsInput => !(NegativeSlope >= 0);
}

/// <summary>x above zero, α(eˣ − 1) below.</summary>
internal sealed record ELUActivation(float Alpha) : Activation
{
    public override string TypeName => "ELU";

    public override string Title => Alpha == 1 ? "ELU" : $"ELU({Number(Alpha)})";

    /// <summary>Below zero the derivative is output + α; with a negative α the output's sign does not tell where that is.</summary>
    public override bool NeedsInput => !(Alpha >= 0);
}

/// <summary>
/// λx above zero, λα(eˣ − 1) below, with the constants that keep mean 0 and variance 1 (Klambauer et al., arXiv:1706.02515).
/// </summary>
internal sealed record SELUActivation : Activation
{
    public const double Alpha = 1.6732632423543772848170429916717;
    public const double Lambda = 1.0507009873554804934193349852946;

    public override string TypeName => "SELU";
}

/// <summary>eˣ.</summary>
internal sealed record ExpActivation : Activation
{
    public override string TypeName => "Exp";

    public override bool KeepsZero => false;

    public override bool IsIncreasing => true;
}

/// <summary>x / (1 + e⁻ˣ).</summary>
internal sealed record SiLUActivation : Activation
{
    public override string TypeName => "SiLU";

    public override bool NeedsInput => true;
}

/// <summary>x tanh(ln(1 + eˣ)).</summary>
internal sealed record MishActivation : Activation
{
    public override string TypeName => "Mish";

    public override bool NeedsInput => true;
}

/// <summary>x · min(max(x + 3, 0), 6) / 6.</summary>
internal sealed record HardswishActivation : Activation
{
    public override string TypeName => "Hardswish";

    public override bool IsCheap => true;

    public override bool NeedsInput => true;
}

/// <summary>min(max(x + 3, 0), 6) / 6.</summary>
internal sealed record HardsigmoidActivation : Activation
{
    public override string TypeName => "Hardsigmoid";

    public override bool KeepsZero => false;

    public override bool IsCheap => true;

    public override bool NeedsInput => true;
}

/// <summary>min(max(x, lowest), highest); ReLU6 is the one from 0 to 6.</summary>
internal sealed record HardtanhActivation(float Lowest, float Highest, bool IsReLU6) : Activation
{
    public override string TypeName => IsReLU6 ? "ReLU6" : "Hardtanh";

    public override string Title
        => IsReLU6 || (Lowest == -1 && Highest == 1) ? TypeName : $"Hardtanh({Number(Lowest)}, {Number(Highest)})";

    public override bool KeepsZero => Lowest <= 0 && Highest >= 0;

    public override bool IsCheap => true;
}

/// <summary>ln(1 + e^(βx)) / β, and x itself where βx exceeds the threshold.</summary>
internal sealed record SoftplusActivation(float Beta, float Threshold) : Activation
{
    public override string TypeName => "Softplus";

    public override string Title => Beta == 1 && Threshold == 20 ? "Softplus" : $"Softplus({Number(Beta)}, {Number(Threshold)})";

    public override bool KeepsZero => false;

    public override bool NeedsInput => true;
}

/// <summary>x ∘ number, a function of two numbers whose second is a constant.</summary>
internal sealed record ConstantActivation(BinaryFunction Function, float Constant) : Activation
{
    public override string TypeName => Function.ToString();

    public override string Title => $"{TypeName}({Number(Constant)})";

    public override bool KeepsZero => Function switch
    {
        BinaryFunction.Add or BinaryFunction.Sub => Constant == 0,
        BinaryFunction.Mul => !float.IsInfinity(Constant) && !float.IsNaN(Constant),
        BinaryFunction.Div => Constant != 0 && !float.IsNaN(Constant),
        BinaryFunction.Maximum => Constant <= 0,
        _ => Constant >= 0,
    };

    public override bool IsCheap => Function != BinaryFunction.Div;

    /// <summary>A result that is the constant does not tell on which side of it the argument was.</summary>
    public override bool NeedsInput => Function is BinaryFunction.Maximum or BinaryFunction.Minimum;

    public override bool IsIncreasing => Function is not (BinaryFunction.Mul or BinaryFunction.Div) || Constant > 0;

    public override bool HasUnitSlope => Function is BinaryFunction.Add or BinaryFunction.Sub;
}

/// <summary>A function of the user's own, of which nothing is known but what it is called.</summary>
/// <param name="Function">The structure that implements it, as generated code names it.</param>
/// <param name="Name">The structure as the user names it.</param>
internal sealed record UserActivation(string Function, string Name) : Activation
{
    public override string TypeName => $"Activation<{Name}>";

    public override string Stem => Identifiers.Letters(Name);

    public override bool KeepsZero => false;

    public override bool NeedsInput => true;

    public override bool StaysFinite => false;
}
