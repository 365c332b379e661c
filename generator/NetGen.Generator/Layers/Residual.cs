using NetGen.Generator.Diagnostics;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>x + block(x).</summary>
internal sealed class ResidualLayer() : Layer<ResidualSpec>("NetGen.ResidualAttribute`1")
{
    public override bool KeepsShape => true;

    protected override string TypeName(ResidualSpec spec) => $"Residual<{spec.BlockName}>";

    public override bool HasParameters(LayerSpec spec) => ((ResidualSpec)spec).Body.Any(layer => LayerRegistry.For(layer).HasParameters(layer));

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        (string blockName, EquatableArray<LayerSpec> body) = arguments.Block(name);
        return new ResidualSpec(name, blockName, body);
    }

    protected override TensorShape Infer(ResidualSpec spec, TensorShape input, LayerContext context)
    {
        TensorShape output;
        (context.Body, output) = ShapeInference.InferBlock(spec.Body, input, context);
        if (!SameWhereKnown(input, output))
        {
            context.Report(DiagnosticDescriptors.ResidualShapeMismatch, LayerArguments.BlockArgument, context.DisplayName, spec.BlockName, context.Source,
                MessageText.Shape(input), MessageText.Shape(output));
        }
        return input;
    }

    protected override Value Lower(ResidualSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        Value body = builder.Lower(layer.Body, input);
        return builder.Add(new AddNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer), backward: false), layer, body, input);
    }

    private static bool SameWhereKnown(TensorShape left, TensorShape right)
    {
        if (left.IsUnknown || right.IsUnknown)
            return true;
        if (left.Rank != right.Rank)
            return false;
        for (int i = 0; i < left.Rank; i++)
        {
            if (left.Dimensions[i] != 0 && right.Dimensions[i] != 0 && left.Dimensions[i] != right.Dimensions[i])
                return false;
        }
        return true;
    }
}

/// <summary>The sum of two values of one shape.</summary>
internal sealed class AddNode(string name, string title, bool backward) : Node(name, title)
{
    public bool Backward { get; } = backward;

    public override string Verb => Backward ? "InputGradient" : "Forward";

    public override void Differentiate(Differentiate pass, Value gradient)
    {
        foreach (Value operand in Inputs)
            pass.Accumulate(operand, gradient, this);
    }

    public override void SelectKernels(SelectKernels selection)
        => selection.Call(Elementwise.Add(selection.NameOf(this), selection.SummaryOf(this), Inputs[0].Layout, Inputs[1].Layout, Output!.Layout), this, Inputs[0], Inputs[1], Output);
}
