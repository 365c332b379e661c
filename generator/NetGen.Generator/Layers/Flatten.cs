using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>A feature map as a vector, channel by channel and row by row; a vector stays as it is.</summary>
internal sealed class FlattenLayer() : Layer<FlattenSpec>("NetGen.FlattenAttribute")
{
    protected override string TypeName(FlattenSpec spec) => "Flatten";

    public override LayerSpec Read(LayerArguments arguments, string name) => new FlattenSpec(name);

    protected override TensorShape Infer(FlattenSpec spec, TensorShape input, LayerContext context) => TensorShape.Vector(input.Size);

    protected override Value Lower(FlattenSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => layer.Input.IsVector ? input : builder.Add(new FlattenNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer), backward: false), layer, input);
}

/// <summary>Image to vector in PyTorch's meaning; a view where memory allows, else a copy. <see cref="Backward"/> is the way back.</summary>
internal sealed class FlattenNode(string name, string title, bool backward) : Node(name, title)
{
    public bool Backward { get; } = backward;

    public override string Verb => Backward ? "InputGradient" : "Forward";

    public override bool ReadsPlainImage => true;

    public override bool ReadsScalars => true;

    public override void Differentiate(Differentiate pass, Value gradient) => pass.Flow(Input, new FlattenNode(Name, Title, backward: true), gradient);

    public override void SelectKernels(SelectKernels selection)
    {
        if (Output!.AliasOf is not null)
            return;
        Kernel kernel = Backward
            ? Relayouts.Unflatten(selection.NameOf(this), selection.SummaryOf(this), Input.Layout, Output.Layout, Input.FlattenedFrom is not null)
            : Relayouts.Flatten(selection.NameOf(this), selection.SummaryOf(this), Input.Layout, Output.Layout, Output.FlattenedFrom is not null);
        selection.CallPerSample(kernel, this, Input, Output);
    }
}
