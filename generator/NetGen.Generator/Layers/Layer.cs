using System.Numerics;
using NetGen.Generator.Ir;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>
/// One kind of layer and all that the generator knows about it. One layer is one file in this folder, with its spec's four verbs:
/// Read, Infer, Lower, and its nodes' Differentiate. <see cref="LayerRegistry"/> lists them.
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

    /// <summary>The same where more than the input's shape counts.</summary>
    public virtual BigInteger CountParameters(InferredLayer layer) => CountParameters(layer.Spec, layer.Input);

    /// <summary>Properties that show the layer's own tensors, for a network in error, where no shapes are known.</summary>
    public virtual IReadOnlyList<string> TensorNames(LayerSpec spec) => [];

    /// <summary>Whatever its arguments are, the layer gives the shape it is given.</summary>
    public virtual bool KeepsShape(LayerSpec spec) => false;

    /// <summary>It brings what it is given to a mean and a variance of its own.</summary>
    public virtual bool IsNormalisation => false;

    /// <summary>A normalisation of each channel (or feature) by itself, in which a constant added to the channel before is lost.</summary>
    public virtual bool NormalisesChannels => false;

    /// <summary>The layer's tensors, in PyTorch's order; those of a block's layers are not among them.</summary>
    public virtual IReadOnlyList<LayerParameter> Parameters(InferredLayer layer) => [];

    /// <summary>Multiply-adds of one sample by the definition of the layer; those of a block's layers are not among them.</summary>
    public virtual long MultiplyAdds(InferredLayer layer) => 0;

    /// <summary>The layer in the words of its declaration with what was inferred, e.g. <c>Conv2d(32, 64, 5, padding 2)</c>.</summary>
    public virtual string Title(InferredLayer layer) => TypeName(layer.Spec);

    /// <summary>Appends the layer's nodes to the graph.</summary>
    /// <returns>The layer's output, which may be its input.</returns>
    public virtual Value Lower(InferredLayer layer, Value input, GraphBuilder builder)
        => throw new NotSupportedException($"No lowering for the layer {TypeName(layer.Spec)}.");
}

/// <summary>What a tensor of a layer is to training and to files.</summary>
internal enum ParameterRole
{
    Weight,
    Bias,

    /// <summary>Saved with the parameters and never touched by an optimiser, e.g. running statistics.</summary>
    Buffer,

    /// <summary>A buffer of one number that counts, e.g. batches; a 64-bit integer in files.</summary>
    Counter,
}

/// <summary>A tensor that a layer owns.</summary>
/// <param name="Name">PyTorch's name, e.g. <c>weight</c>, <c>running_mean</c>.</param>
/// <param name="FanIn">Inputs that one output sees, as PyTorch's initialisation counts them.</param>
/// <param name="FanOut">Outputs that one input reaches.</param>
internal sealed record LayerParameter(string Name, int[] Shape, ParameterRole Role, int FanIn, int FanOut)
{
    /// <summary>What every element starts from; null where the network's initialisation draws it.</summary>
    public float? InitialValue { get; init; }
}

/// <summary>A kind of layer with its own type of spec.</summary>
internal abstract class Layer<TSpec>(params string[] attributeNames) : Layer(attributeNames)
    where TSpec : LayerSpec
{
    public sealed override Type SpecType => typeof(TSpec);

    public sealed override string TypeName(LayerSpec spec) => TypeName((TSpec)spec);

    public sealed override TensorShape Infer(LayerSpec spec, TensorShape input, LayerContext context) => Infer((TSpec)spec, input, context);

    public sealed override BigInteger CountParameters(LayerSpec spec, TensorShape input) => CountParameters((TSpec)spec, input);

    public sealed override IReadOnlyList<LayerParameter> Parameters(InferredLayer layer) => Parameters((TSpec)layer.Spec, layer.Input);

    public sealed override long MultiplyAdds(InferredLayer layer) => MultiplyAdds((TSpec)layer.Spec, layer.Input, layer.Output);

    public sealed override string Title(InferredLayer layer) => Title((TSpec)layer.Spec, layer.Input);

    public sealed override Value Lower(InferredLayer layer, Value input, GraphBuilder builder) => Lower((TSpec)layer.Spec, layer, input, builder);

    protected abstract string TypeName(TSpec spec);

    protected abstract TensorShape Infer(TSpec spec, TensorShape input, LayerContext context);

    protected virtual BigInteger CountParameters(TSpec spec, TensorShape input) => BigInteger.Zero;

    protected virtual IReadOnlyList<LayerParameter> Parameters(TSpec spec, TensorShape input) => [];

    protected virtual long MultiplyAdds(TSpec spec, TensorShape input, TensorShape output) => 0;

    protected virtual string Title(TSpec spec, TensorShape input) => TypeName(spec);

    protected abstract Value Lower(TSpec spec, InferredLayer layer, Value input, GraphBuilder builder);
}
