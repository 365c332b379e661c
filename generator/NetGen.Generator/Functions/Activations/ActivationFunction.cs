using NetGen.Generator.Specs;

namespace NetGen.Generator.Functions.Activations;

/// <summary>What an activation computes. One class for each kind of <see cref="Activation"/>, in a file of its own.</summary>
internal abstract class ActivationFunction
{
    /// <summary>f(x): one call, or a few operators.</summary>
    public abstract ElementValue Apply(ElementValue x);

    /// <summary>gradient · f′, where saved is the output, or the input if <see cref="Activation.NeedsInput"/>.</summary>
    public abstract ElementValue Derivative(ElementValue gradient, ElementValue saved);

    /// <summary>f(a) + f(b), where that costs less than both.</summary>
    public virtual ElementValue Sum(ElementValue a, ElementValue b) => Apply(a) + Apply(b);

    public static ActivationFunction For(Activation activation) => activation switch
    {
        ReLUActivation => new ReLUFunction(),
        SigmoidActivation => new SigmoidFunction(),
        TanhActivation => new TanhFunction(),
        GELUActivation => new GELUFunction(),
        GELUTanhActivation => new GELUTanhFunction(),
        LeakyReLUActivation a => new LeakyReLUFunction(a),
        ELUActivation a => new ELUFunction(a),
        SELUActivation => new SELUFunction(),
        SiLUActivation => new SiLUFunction(),
        ExpActivation => new ExpFunction(),
        MishActivation => new MishFunction(),
        HardswishActivation => new HardswishFunction(),
        HardsigmoidActivation => new HardsigmoidFunction(),
        HardtanhActivation a => new HardtanhFunction(a),
        SoftplusActivation a => new SoftplusFunction(a),
        ConstantActivation a => new ConstantFunction(a),
        UserActivation a => new UserFunction(a),
        _ => throw new InvalidOperationException($"The activation {activation} has no function."),
    };
}
