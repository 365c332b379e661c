using System.Globalization;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// A function applied to every element, with its constants: all that kernels must know to compute it, alone or in the epilogue of a
/// convolution or a linear layer. Equal records are equal functions.
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

    /// <summary>It gives zero at zero, so that unused lanes stay zero by themselves.</summary>
    public virtual bool KeepsZero => true;

    /// <summary>
    /// Cheap enough to apply to accumulators in registers; the others run over the row just stored, while it is in L1, where lanes that do
    /// not stay zero are cleared too.
    /// </summary>
    public virtual bool IsInRegister => false;

    /// <summary>The derivative follows from the input only; otherwise it follows from the output, and can be fused.</summary>
    public virtual bool NeedsInput => false;

    /// <summary>It never falls where its argument grows, so that it may be applied after a maximum instead of before.</summary>
    public virtual bool IsIncreasing => false;

    /// <summary>f(x) as a vector expression, one call or one operator.</summary>
    public abstract string Apply(VectorIsa isa, KernelNames names, string x);

    /// <summary>gradient · f′ as a vector expression, where saved is the output, or the input if <see cref="NeedsInput"/>.</summary>
    public abstract string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved);

    /// <summary>f(a) + f(b) as a vector expression, where that costs less than both.</summary>
    public virtual string ApplySum(VectorIsa isa, KernelNames names, string a, string b) => $"{Apply(isa, names, a)} + {Apply(isa, names, b)}";

    public sealed override string ToString() => Title;

    /// <summary>The vector function with constants behind its vectors.</summary>
    protected static string Call(VectorIsa isa, KernelNames names, VectorFunction function, string vectors, params float[] constants)
        => $"{names.Math(function)}({string.Join(", ", constants.Select(c => isa.Broadcast(Literals.Float(c))).Prepend(vectors))})";

    protected static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>gradient where a &gt; b, otherwise the other vector.</summary>
    protected static string WhereGreater(VectorIsa isa, string a, string b, string gradient, string otherwise)
        => $"{isa.Static}.ConditionalSelect({isa.Static}.GreaterThan({a}, {b}), {gradient}, {otherwise})";
}

/// <summary>max(x, 0).</summary>
internal sealed record ReLUActivation : Activation
{
    public override string TypeName => "ReLU";

    public override bool IsInRegister => true;

    public override bool IsIncreasing => true;

    public override string Apply(VectorIsa isa, KernelNames names, string x) => Epilogue.Maximum(isa, isa.Zero, x);

    /// <summary>As in PyTorch, what is not known to be below passes: at NaN the gradient goes on.</summary>
    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
        => Epilogue.ZeroWhere(isa, $"{isa.Static}.LessThanOrEqual({saved}, {isa.Zero})", gradient);
}

/// <summary>1 / (1 + e⁻ˣ).</summary>
internal sealed record SigmoidActivation : Activation
{
    public override string TypeName => "Sigmoid";

    public override bool KeepsZero => false;

    public override bool IsIncreasing => true;

    public override string Apply(VectorIsa isa, KernelNames names, string x) => Call(isa, names, VectorFunction.Sigmoid, x);

    public override string ApplySum(VectorIsa isa, KernelNames names, string a, string b) => $"{names.Math(VectorFunction.SigmoidSum)}({a}, {b})";

    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
        => $"{gradient} * {saved} * ({isa.Broadcast("1f")} - {saved})";
}

internal sealed record TanhActivation : Activation
{
    public override string TypeName => "Tanh";

    public override bool IsIncreasing => true;

    public override string Apply(VectorIsa isa, KernelNames names, string x) => Call(isa, names, VectorFunction.Tanh, x);

    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
        => $"{gradient} * ({isa.Broadcast("1f")} - {saved} * {saved})";
}

/// <summary>x Φ(x), with Φ(x) = ½(1 + erf(x / √2)).</summary>
internal sealed record GELUActivation : Activation
{
    public override string TypeName => "GELU";

    public override bool NeedsInput => true;

    public override string Apply(VectorIsa isa, KernelNames names, string x)
        => $"{isa.Broadcast("0.5f")} * {x} * ({isa.Broadcast("1f")} + {names.Math(VectorFunction.Erf)}({x} * {isa.Broadcast("0.70710678f")}))";

    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
    {
        // Φ(x) + x φ(x). At ±15 the density is zero; infinity must not meet it.
        string bounded = Epilogue.Minimum(isa, isa.Broadcast("15f"), Epilogue.Maximum(isa, isa.Broadcast("-15f"), saved));
        return $"{gradient} * ({isa.Broadcast("0.5f")} * ({isa.Broadcast("1f")} + {names.Math(VectorFunction.Erf)}({saved} * {isa.Broadcast("0.70710678f")})) + {names.Math(VectorFunction.GeluSlope)}({bounded}))";
    }
}

/// <summary>½x(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
internal sealed record GELUTanhActivation : Activation
{
    public override string TypeName => "GELU";

    public override string Stem => "GELUTanh";

    public override string Title => "GELU(tanh)";

    public override bool NeedsInput => true;

    public override string Apply(VectorIsa isa, KernelNames names, string x)
        => $"{isa.Broadcast("0.5f")} * {x} * ({isa.Broadcast("1f")} + {InnerTanh(isa, names, x)})";

    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
    {
        // At ±15 the tanh has long been ±1; the squares of numbers far beyond would be infinite.
        string bounded = Epilogue.Minimum(isa, isa.Broadcast("15f"), Epilogue.Maximum(isa, isa.Broadcast("-15f"), saved));
        return $"{gradient} * {names.Math(VectorFunction.GeluTanhDerivative)}({bounded}, {InnerTanh(isa, names, saved)})";
    }

    private static string InnerTanh(VectorIsa isa, KernelNames names, string x)
        => $"{names.Math(VectorFunction.Tanh)}({isa.Broadcast("0.79788456f")} * ({x} + {isa.Broadcast("0.044715f")} * {x} * {x} * {x}))";
}

/// <summary>x above zero, slope · x below.</summary>
internal sealed record LeakyReLUActivation(float NegativeSlope) : Activation
{
    public override string TypeName => "LeakyReLU";

    public override string Title => $"LeakyReLU({Number(NegativeSlope)})";

    public override bool IsInRegister => true;

    /// <summary>With a negative slope the output's sign says nothing.</summary>
    public override bool NeedsInput => !(NegativeSlope >= 0);

    public override string Apply(VectorIsa isa, KernelNames names, string x) => Call(isa, names, VectorFunction.LeakyReLU, x, NegativeSlope);

    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
        => $"{gradient} * {WhereGreater(isa, saved, isa.Zero, isa.Broadcast("1f"), isa.Broadcast(Literals.Float(NegativeSlope)))}";
}

/// <summary>x above zero, α(eˣ − 1) below.</summary>
internal sealed record ELUActivation(float Alpha) : Activation
{
    public override string TypeName => "ELU";

    public override string Title => Alpha == 1 ? "ELU" : $"ELU({Number(Alpha)})";

    /// <summary>Below zero the derivative is output + α; with a negative α the output's sign does not tell where that is.</summary>
    public override bool NeedsInput => !(Alpha >= 0);

    public override string Apply(VectorIsa isa, KernelNames names, string x) => Call(isa, names, VectorFunction.ELU, x, 1, Alpha);

    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
    {
        string alpha = isa.Broadcast(Literals.Float(Alpha));
        string below = NeedsInput ? $"{alpha} * {names.Math(VectorFunction.Exp)}({saved})" : $"{saved} + {alpha}";
        return $"{gradient} * {WhereGreater(isa, saved, isa.Zero, isa.Broadcast("1f"), below)}";
    }
}

/// <summary>λx above zero, λα(eˣ − 1) below, with the constants that keep mean 0 and variance 1 (Klambauer et al., arXiv:1706.02515).</summary>
internal sealed record SELUActivation : Activation
{
    public const double Alpha = 1.6732632423543772848170429916717;
    public const double Lambda = 1.0507009873554804934193349852946;

    public override string TypeName => "SELU";

    public override string Apply(VectorIsa isa, KernelNames names, string x) => Call(isa, names, VectorFunction.ELU, x, (float)Lambda, (float)(Lambda * Alpha));

    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
        => $"{gradient} * {WhereGreater(isa, saved, isa.Zero, isa.Broadcast(Literals.Float((float)Lambda)), $"{saved} + {isa.Broadcast(Literals.Float((float)(Lambda * Alpha)))}")}";
}

/// <summary>x / (1 + e⁻ˣ).</summary>
internal sealed record SiLUActivation : Activation
{
    public override string TypeName => "SiLU";

    public override bool NeedsInput => true;

    public override string Apply(VectorIsa isa, KernelNames names, string x) => Call(isa, names, VectorFunction.SiLU, x);

    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
        => $"{gradient} * {Call(isa, names, VectorFunction.SiLUSlope, saved)}";
}

/// <summary>x tanh(ln(1 + eˣ)).</summary>
internal sealed record MishActivation : Activation
{
    public override string TypeName => "Mish";

    public override bool NeedsInput => true;

    public override string Apply(VectorIsa isa, KernelNames names, string x) => Call(isa, names, VectorFunction.Mish, x);

    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
        => $"{gradient} * {Call(isa, names, VectorFunction.MishSlope, saved)}";
}

/// <summary>x · min(max(x + 3, 0), 6) / 6.</summary>
internal sealed record HardswishActivation : Activation
{
    public override string TypeName => "Hardswish";

    public override bool IsInRegister => true;

    public override bool NeedsInput => true;

    public override string Apply(VectorIsa isa, KernelNames names, string x) => Call(isa, names, VectorFunction.Hardswish, x);

    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
        => $"{gradient} * {Call(isa, names, VectorFunction.HardswishSlope, saved)}";
}

/// <summary>min(max(x + 3, 0), 6) / 6.</summary>
internal sealed record HardsigmoidActivation : Activation
{
    public override string TypeName => "Hardsigmoid";

    public override bool KeepsZero => false;

    public override bool NeedsInput => true;

    public override string Apply(VectorIsa isa, KernelNames names, string x)
        => $"{Epilogue.Minimum(isa, isa.Broadcast("6f"), Epilogue.Maximum(isa, isa.Zero, $"({x} + {isa.Broadcast("3f")})"))} * {isa.Broadcast("0.16666667f")}";

    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
        => $"{WhereGreater(isa, isa.Broadcast("3f"), $"{isa.Static}.Abs({saved})", gradient, isa.Zero)} * {isa.Broadcast("0.16666667f")}";
}

/// <summary>min(max(x, lowest), highest); ReLU6 is the one from 0 to 6.</summary>
internal sealed record HardtanhActivation(float Lowest, float Highest, bool IsReLU6) : Activation
{
    public override string TypeName => IsReLU6 ? "ReLU6" : "Hardtanh";

    public override string Title => IsReLU6 || (Lowest == -1 && Highest == 1) ? TypeName : $"Hardtanh({Number(Lowest)}, {Number(Highest)})";

    public override bool KeepsZero => Lowest <= 0 && Highest >= 0;

    public override bool IsInRegister => KeepsZero;

    public override string Apply(VectorIsa isa, KernelNames names, string x)
        => Epilogue.Minimum(isa, isa.Broadcast(Literals.Float(Highest)), Epilogue.Maximum(isa, isa.Broadcast(Literals.Float(Lowest)), x));

    /// <summary>As in PyTorch, zero at the bounds themselves; at NaN the gradient goes on.</summary>
    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
        => Epilogue.ZeroWhere(isa, $"{isa.Static}.LessThanOrEqual({saved}, {isa.Broadcast(Literals.Float(Lowest))})",
            Epilogue.ZeroWhere(isa, $"{isa.Static}.GreaterThanOrEqual({saved}, {isa.Broadcast(Literals.Float(Highest))})", gradient));
}

/// <summary>ln(1 + e^(βx)) / β, and x itself where βx exceeds the threshold.</summary>
internal sealed record SoftplusActivation(float Beta, float Threshold) : Activation
{
    public override string TypeName => "Softplus";

    public override string Title => Beta == 1 && Threshold == 20 ? "Softplus" : $"Softplus({Number(Beta)}, {Number(Threshold)})";

    public override bool KeepsZero => false;

    public override bool NeedsInput => true;

    public override string Apply(VectorIsa isa, KernelNames names, string x) => Call(isa, names, VectorFunction.Softplus, x, Beta, 1 / Beta, Threshold);

    public override string ApplyDerivative(VectorIsa isa, KernelNames names, string gradient, string saved)
    {
        string scaled = Beta == 1 ? saved : $"({saved} * {isa.Broadcast(Literals.Float(Beta))})";
        return $"{gradient} * {WhereGreater(isa, scaled, isa.Broadcast(Literals.Float(Threshold)), isa.Broadcast("1f"), Call(isa, names, VectorFunction.Sigmoid, scaled))}";
    }
}
