using System.Numerics;
using NetGen.Generator.Ir;
using NetGen.Generator.Passes;
using NetGen.Generator.Reading;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>
/// One kind of layer and all that the generator knows about it. One layer is one file in this folder, with its spec's four verbs:
/// Read, Infer, Lower, and its nodes' Differentiate. <see cref="LayerRegistry"/> finds them.
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

    /// <summary>The earlier values that the layer reads besides what precedes it.</summary>
    public virtual IReadOnlyList<NamedInput> Reads(LayerSpec spec) => [];

    /// <summary>Names of the layer's outputs behind the first, e.g. <c>indices</c>.</summary>
    public virtual IReadOnlyList<string> Ports(LayerSpec spec) => [];

    /// <summary>It reads what precedes it; otherwise only what it names.</summary>
    public virtual bool ReadsPreceding => true;

    /// <summary>Of what it names it wants the shapes only: no value flows from there.</summary>
    public virtual bool ReadsShapesOnly => false;

    /// <summary>What it gives is read, whether a layer reads it or not.</summary>
    public virtual bool IsRead => false;

    /// <summary>
    /// Each of the layer's scopes is given what the one before it gives; otherwise all are given what precedes the layer.
    /// </summary>
    public virtual bool ChainsScopes => false;

    /// <summary>The types that its attribute names are blocks.</summary>
    public virtual bool NamesBlocks => true;

    /// <summary>Its type argument is a network, and no block.</summary>
    public virtual bool TakesNetwork => false;

    /// <summary>What its scopes are given, whatever precedes it; null where they are given that.</summary>
    public virtual TensorShape? EntryShape(LayerSpec spec) => null;

    /// <summary>Appends what stands between what precedes the layer and its scopes, where it has an <see cref="EntryShape"/>.</summary>
    public virtual Value Enter(InferredLayer layer, Value input, GraphBuilder builder) => input;

    /// <summary>The elements that it takes for one of its inputs.</summary>
    /// <param name="input">Which of those that <see cref="Infer"/> is given.</param>
    public virtual ElementsTaken Takes(LayerSpec spec, int input) => ElementsTaken.Floats;

    /// <summary>It takes sequences whose length is known at run time only, each sample's another.</summary>
    /// <param name="input">Which of those that <see cref="Infer"/> is given.</param>
    public virtual bool TakesLengths(LayerSpec spec, int input) => false;

    /// <summary>Its scopes are one block again and again, with names that end in their number: callers see a list.</summary>
    public virtual bool Repeats(LayerSpec spec) => false;

    /// <summary>
    /// Checks the layer against its inputs and gives the shapes of its outputs. After a problem it gives what is still known, so that
    /// the rest of the network is checked too.
    /// </summary>
    /// <param name="inputs">
    /// What precedes the layer, if it reads that, then one for each of <see cref="Reads"/>, then what its scopes give.
    /// </param>
    /// <returns>The shape of the first output, then one for each of <see cref="Ports"/>.</returns>
    public abstract IReadOnlyList<TensorShape> Infer(LayerSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context);

    /// <summary>The layer, or one in its block, is a property of the network with parameters to show.</summary>
    public virtual bool HasParameters(LayerSpec spec) => false;

    /// <summary>Number of learnable scalars, which may exceed what the generated code can hold; 0 where sizes are unknown.</summary>
    public virtual BigInteger CountParameters(InferredLayer layer) => BigInteger.Zero;

    /// <summary>Properties that show the layer's own tensors, for a network in error, where no shapes are known.</summary>
    public virtual IReadOnlyList<string> TensorNames(LayerSpec spec) => [];

    /// <summary>Whatever its arguments are, the layer gives the shape it is given.</summary>
    public virtual bool KeepsShape(LayerSpec spec) => false;

    /// <summary>It brings what it is given to a mean and a variance of its own.</summary>
    public virtual bool IsNormalisation => false;

    /// <summary>A normalisation of each channel (or feature) by itself, in which a constant added to the channel before is lost.</summary>
    public virtual bool NormalisesChannels => false;

    /// <summary>In evaluation it goes by statistics that it has gathered in training.</summary>
    public virtual bool LearnsStatistics => false;

    /// <summary>It only scales, drops or rearranges what it is given.</summary>
    public virtual bool IsTransparent => false;

    /// <summary>It makes one dimension of several, in which the elements of a channel lie side by side.</summary>
    public virtual bool MergesDimensions => false;

    /// <summary>Its features, as declared, where it multiplies a vector by one matrix and does nothing else but add a bias.</summary>
    public virtual (int? In, int Out)? Matrix(LayerSpec spec) => null;

    /// <summary>Its one weight is a matrix that layers of other kinds may have as well: of a product, or a table of rows.</summary>
    public virtual bool HasCommonMatrix => false;

    /// <summary>Why no layer of another kind can use its matrix, behind "it" or the layer's name; null where one can.</summary>
    public virtual string? KeepsMatrix(LayerSpec spec) => null;

    /// <summary>
    /// It is a sum of its inputs, each multiplied by a weight, and of a bias: of two such layers in a row one could take the place.
    /// Convolutions are not where they are the factors of one, along rows and columns or by groups.
    /// </summary>
    public virtual bool IsLinear(LayerSpec spec) => false;

    /// <summary>How small the derivative becomes where the layer saturates: 1 for Sigmoid, 0 where it does not.</summary>
    public virtual double Saturation(LayerSpec spec) => 0;

    /// <summary>The share of elements that it drops in training, scaling up the others; 0 where it drops none.</summary>
    public virtual float DropProbability(LayerSpec spec) => 0;

    /// <summary>What the layer's elements can be, whatever it is given.</summary>
    public virtual OutputKind Gives(LayerSpec spec) => OutputKind.Anything;

    /// <summary>The layer's tensors, in PyTorch's order; those of a block's layers are not among them.</summary>
    public virtual IReadOnlyList<LayerParameter> Parameters(InferredLayer layer) => [];

    /// <summary>Multiply-adds of one sample by the definition of the layer; those of a block's layers are not among them.</summary>
    public virtual long MultiplyAdds(InferredLayer layer) => 0;

    /// <summary>The layer in the words of its declaration with what was inferred, e.g. <c>Conv2d(32, 64, 5, padding 2)</c>.</summary>
    public virtual string Title(InferredLayer layer) => TypeName(layer.Spec);

    /// <summary>Appends the layer's nodes to the graph; those of its scopes are there already.</summary>
    /// <param name="inputs">In the order of <see cref="InferredLayer.Inputs"/>.</param>
    /// <returns>The layer's outputs, in the order of <see cref="InferredLayer.Outputs"/>; each may be an input.</returns>
    public abstract IReadOnlyList<Value> Lower(InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder);
}

/// <summary>A kind of layer with its own type of spec.</summary>
internal abstract class Layer<TSpec>(params string[] attributeNames) : Layer(attributeNames)
    where TSpec : LayerSpec
{
    public sealed override Type SpecType => typeof(TSpec);

    public sealed override string TypeName(LayerSpec spec) => TypeName((TSpec)spec);

    public sealed override IReadOnlyList<NamedInput> Reads(LayerSpec spec) => Reads((TSpec)spec);

    public sealed override IReadOnlyList<string> Ports(LayerSpec spec) => Ports((TSpec)spec);

    public sealed override IReadOnlyList<TensorShape> Infer(LayerSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
        => Infer((TSpec)spec, inputs, context);

    public sealed override BigInteger CountParameters(InferredLayer layer) => CountParameters((TSpec)layer.Spec, layer);

    public sealed override IReadOnlyList<LayerParameter> Parameters(InferredLayer layer) => Parameters((TSpec)layer.Spec, layer);

    public sealed override long MultiplyAdds(InferredLayer layer) => MultiplyAdds((TSpec)layer.Spec, layer);

    public sealed override string Title(InferredLayer layer) => Title((TSpec)layer.Spec, layer);

    public sealed override IReadOnlyList<Value> Lower(InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
        => Lower((TSpec)layer.Spec, layer, inputs, builder);

    protected abstract string TypeName(TSpec spec);

    protected virtual IReadOnlyList<NamedInput> Reads(TSpec spec) => [];

    protected virtual IReadOnlyList<string> Ports(TSpec spec) => [];

    protected abstract IReadOnlyList<TensorShape> Infer(TSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context);

    protected virtual BigInteger CountParameters(TSpec spec, InferredLayer layer) => BigInteger.Zero;

    protected virtual IReadOnlyList<LayerParameter> Parameters(TSpec spec, InferredLayer layer) => [];

    protected virtual long MultiplyAdds(TSpec spec, InferredLayer layer) => 0;

    protected virtual string Title(TSpec spec, InferredLayer layer) => TypeName(spec);

    protected abstract IReadOnlyList<Value> Lower(TSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder);
}
