using System.Numerics;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>
/// One kind of layer and all that the generator knows about it. One layer is one file in this folder;
/// <see cref="LayerRegistry"/> lists them.
/// </summary>
/// <param name="attributeNames">Full metadata names of the attributes that declare it.</param>
internal abstract class Layer(params string[] attributeNames)
{
    public IReadOnlyList<string> AttributeNames { get; } = attributeNames;

    /// <summary>The spec that <see cref="Read"/> gives.</summary>
    public abstract Type SpecType { get; }

    /// <summary>The layer as the user writes it, e.g. <c>MaxPool2d</c>.</summary>
    public abstract string TypeName(LayerSpec spec);

    /// <summary>From attribute to spec. Arguments that cannot be understood are reported to <paramref name="arguments"/>.</summary>
    /// <param name="name">The name that has been found for the layer.</param>
    public abstract LayerSpec Read(LayerArguments arguments, string name);

    /// <summary>
    /// Checks the layer against its input and gives its output shape. After a problem it gives what is still known, so that
    /// the rest of the network is checked too.
    /// </summary>
    public abstract TensorShape Infer(LayerSpec spec, TensorShape input, LayerContext context);

    /// <summary>The layer, or one in its block, is a property of the network with parameters to show.</summary>
    public virtual bool HasParameters(LayerSpec spec) => false;

    /// <summary>Number of learnable scalars, which may exceed what the generated code can hold; 0 where sizes are unknown.</summary>
    public virtual BigInteger CountParameters(LayerSpec spec, TensorShape input) => BigInteger.Zero;
}

/// <summary>A kind of layer with its own type of spec.</summary>
internal abstract class Layer<TSpec>(params string[] attributeNames) : Layer(attributeNames)
    where TSpec : LayerSpec
{
    public sealed override Type SpecType => typeof(TSpec);

    public sealed override string TypeName(LayerSpec spec) => TypeName((TSpec)spec);

    public sealed override TensorShape Infer(LayerSpec spec, TensorShape input, LayerContext context) => Infer((TSpec)spec, input, context);

    public sealed override BigInteger CountParameters(LayerSpec spec, TensorShape input) => CountParameters((TSpec)spec, input);

    protected abstract string TypeName(TSpec spec);

    protected abstract TensorShape Infer(TSpec spec, TensorShape input, LayerContext context);

    protected virtual BigInteger CountParameters(TSpec spec, TensorShape input) => BigInteger.Zero;
}
