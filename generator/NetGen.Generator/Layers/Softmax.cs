using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

internal sealed class SoftmaxLayer() : Layer<SoftmaxSpec>("NetGen.SoftmaxAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    protected override string TypeName(SoftmaxSpec spec) => "Softmax";

    public override LayerSpec Read(LayerArguments arguments, string name) => new SoftmaxSpec(name);

    protected override TensorShape Infer(SoftmaxSpec spec, TensorShape input, LayerContext context)
    {
        context.RequireVector(input);
        return input;
    }

    protected override Value Lower(SoftmaxSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(new SoftmaxNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer)), layer, input);
}

internal sealed class SoftmaxNode(string name, string title) : Node(name, title)
{
    public override string Verb => "Forward";

    public override void Differentiate(Differentiate pass, Value gradient) => pass.Flow(Input, new SoftmaxGradientNode(this), gradient, Output!);

    public override void SelectKernels(KernelSelection selection)
        => selection.Call(RowKernels.Softmax(selection.NameOf(this), selection.SummaryOf(this), Input.Layout, Output!.Layout), this, Input, Output);
}

/// <summary>Inputs: the output's gradient and the saved output.</summary>
internal sealed class SoftmaxGradientNode(SoftmaxNode forward) : Node(forward.Name, forward.Title)
{
    public Value Saved => Inputs[1];

    public override string Verb => "InputGradient";

    public override void SelectKernels(KernelSelection selection)
        => selection.Call(RowKernels.SoftmaxGradient(selection.NameOf(this), selection.SummaryOf(this), Input.Layout, Saved.Layout, Output!.Layout), this, Input, Saved, Output);
}
