using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

internal sealed class LogSoftmaxLayer() : Layer<LogSoftmaxSpec>("NetGen.LogSoftmaxAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    protected override string TypeName(LogSoftmaxSpec spec) => "LogSoftmax";

    public override LayerSpec Read(LayerArguments arguments, string name) => new LogSoftmaxSpec(name);

    protected override TensorShape Infer(LogSoftmaxSpec spec, TensorShape input, LayerContext context)
    {
        context.RequireVector(input);
        return input;
    }

    protected override Value Lower(LogSoftmaxSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(new LogSoftmaxNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer)), layer, input);
}

internal sealed class LogSoftmaxNode(string name, string title) : Node(name, title)
{
    public override string Verb => "Forward";

    public override void Differentiate(Differentiate pass, Value gradient) => pass.Flow(Input, new LogSoftmaxGradientNode(this), gradient, Output!);

    public override void SelectKernels(KernelSelection selection)
        => selection.Call(RowKernels.LogSoftmax(selection.NameOf(this), selection.SummaryOf(this), Input.Layout, Output!.Layout), this, Input, Output);
}

/// <summary>Inputs: the output's gradient and the saved output.</summary>
internal sealed class LogSoftmaxGradientNode(LogSoftmaxNode forward) : Node(forward.Name, forward.Title)
{
    public override string Verb => "InputGradient";

    public override void SelectKernels(KernelSelection selection)
        => selection.Call(RowKernels.LogSoftmaxGradient(selection.NameOf(this), selection.SummaryOf(this), Input.Layout, Inputs[1].Layout, Output!.Layout), this, Input, Inputs[1], Output);
}
