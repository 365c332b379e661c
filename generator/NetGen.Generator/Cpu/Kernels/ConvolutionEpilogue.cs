using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// What a convolution does with its sums before it stores them: adds the bias, adds a residual, applies an activation, or multiplies by
/// the derivative of one. It gives the kernels their parameters, arguments and remarks.
/// </summary>
/// <param name="HasBias">The sums start from the bias of their channel.</param>
/// <param name="Residual">Layout of the other operand of a fused addition, before the activation.</param>
/// <param name="Activation">Applied last in the forward pass.</param>
/// <param name="Pool">Windows over what the activation gives, of which only the result is stored; inference only.</param>
/// <param name="Mask">Backward: the activation whose derivative the gradient is multiplied with, and the layout of what it saved.</param>
internal sealed record ConvolutionEpilogue(bool HasBias = false, Layout? Residual = null, Activation? Activation = null,
    FusedPool? Pool = null, (Activation Kind, Layout Layout)? Mask = null)
{
    /// <summary>Layout of what the epilogue reads besides the sums: the residual or the saved activation.</summary>
    public Layout? Other => Residual ?? Mask?.Layout;

    /// <summary>Its parameter.</summary>
    public KernelParameter OtherParameter => Residual is not null ? ConvolutionParameters.Residual : ConvolutionParameters.Saved;

    /// <summary>Its name in the kernels.</summary>
    public string OtherName => OtherParameter.Name;

    /// <summary>An activation that is left to a sweep over what has just been stored.</summary>
    public Activation? LateActivation => Epilogue.IsInRegister(Activation) ? null : Activation;

    /// <summary>A kernel's parameters in the order of <see cref="Arguments"/>.</summary>
    public IReadOnlyList<KernelParameter> Parameters(IEnumerable<KernelParameter> operands, IEnumerable<KernelParameter> last) =>
    [
        .. operands, .. If(HasBias, ConvolutionParameters.Bias), ConvolutionParameters.Output,
        .. If(Other is not null, OtherParameter), .. last,
    ];

    /// <summary>The arguments of a call; those of bias and of the other operand are dropped where there are none.</summary>
    public string Arguments(IEnumerable<string> operands, string bias, string output, Func<Layout, string> other, params string[] last)
    {
        var arguments = new List<string>(operands);
        if (HasBias)
            arguments.Add(bias);
        arguments.Add(output);
        if (Other is { } layout)
            arguments.Add(other(layout));
        arguments.AddRange(last);
        return string.Join(", ", arguments);
    }

    /// <summary>What a loop adds to the pointer of the other operand, with the comma before it; nothing where there is none.</summary>
    public string Advance(Func<Layout, long> step) => Other is null ? "" : $", {OtherName} += {Literals.Int(step(Other))}";

    /// <summary>What is fused, in words, each with a space before it.</summary>
    /// <param name="everyActivation">Also those that others leave to a sweep of their own.</param>
    public string Fused(bool everyActivation = false)
    {
        string text = HasBias ? " Bias fused." : "";
        if (ActivationInRegister(everyActivation) is { } activation)
            text += $" {activation} fused.";
        if (Residual is not null)
            text += " Residual addition fused.";
        if (Pool is not null)
            text += $" {Pool} fused.";
        if (Mask is { } mask)
            text += $" Derivative of {mask.Kind} fused.";
        return text;
    }

    /// <summary>What the accumulators start from, as the comment before them.</summary>
    public string Setup => $"// Setup: the accumulators start from {(HasBias ? "the bias" : "zero")}.";

    /// <summary>The steps between the sums and the store, for the comment before them.</summary>
    public string Stages
    {
        get
        {
            var stages = new List<string>();
            if (Residual is not null)
                stages.Add("residual");
            if (ActivationInRegister(everyActivation: false) is { } activation)
                stages.Add(activation.Title);
            if (Mask is { } mask)
                stages.Add($"derivative of {mask.Kind}");
            stages.Add("store");
            return string.Join(", ", stages);
        }
    }

    /// <summary>The vector to store, from the sums that have their bias.</summary>
    /// <param name="other">The address of the other operand's elements.</param>
    /// <param name="everyActivation">Also those that others leave to a sweep of their own.</param>
    public string Apply(VectorIsa isa, KernelNames names, string sum, Func<Layout, string> other, bool everyActivation = false)
    {
        string value = sum;
        if (Residual is not null)
            value = $"({value} + {isa.Load(other(Residual))})";
        if (ActivationInRegister(everyActivation) is { } activation)
        {
            string applied = activation.Apply(isa, names, value);
            value = everyActivation ? $"({applied})" : applied;
        }
        if (Mask is { } mask)
            value = $"({mask.Kind.ApplyDerivative(isa, names, value, isa.Load(other(mask.Layout)))})";
        return value;
    }

    private Activation? ActivationInRegister(bool everyActivation)
        => everyActivation || Epilogue.IsInRegister(Activation) ? Activation : null;
}

/// <summary>
/// Pooling in a convolution's epilogue: windows side by side, without padding; rows and columns that fill no window are not computed.
/// </summary>
/// <param name="Divisor">Of an average.</param>
/// <param name="Target">Layout of the pooled image.</param>
internal sealed record FusedPool(bool IsMax, Pair Kernel, int Divisor, Layout Target)
{
    /// <summary>The result of one window, from the sums that have their bias.</summary>
    public string Apply(VectorIsa isa, KernelNames names, Activation? activation, IReadOnlyList<string> sums)
    {
        if (IsMax && activation is null or { IsIncreasing: true })
        {
            // The largest has the largest value: one activation for the window.
            string largest = sums.Aggregate((a, b) => $"{names.Math(LargerFunction.OfTwo)}({a}, {b})");
            return activation is null ? largest : $"({activation.Apply(isa, names, largest)})";
        }
        if (IsMax)
            return sums.Select(s => activation!.Apply(isa, names, s)).Aggregate((a, b) => $"{names.Math(LargerFunction.OfTwo)}({a}, {b})");
        var terms = new List<string>();
        for (int i = 0; i < sums.Count; i += 2)
        {
            terms.Add(activation is null ? i + 1 < sums.Count ? $"({sums[i]} + {sums[i + 1]})" : sums[i]
                : i + 1 < sums.Count ? $"({activation.ApplySum(isa, names, sums[i], sums[i + 1])})"
                    : $"({activation.Apply(isa, names, sums[i])})");
        }
        return $"(({string.Join(" + ", terms)}) * {isa.Broadcast($"1f / {Literals.Int(Divisor)}")})";
    }

    public override string ToString() => $"{(IsMax ? "Maximum" : "Average")} over {Kernel.Height}×{Kernel.Width}";
}
