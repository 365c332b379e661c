using NetGen.Generator.Diagnostics;
using NetGen.Generator.Graph;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>Bilinear takes two inputs, which a stack cannot give it: it is read to be refused with the reason.</summary>
internal sealed class BilinearLayer() : Layer<BilinearSpec>("NetGen.BilinearAttribute")
{
    protected override string TypeName(BilinearSpec spec) => "Bilinear";

    public override LayerSpec Read(LayerArguments arguments, string name) => new BilinearSpec(name, arguments.Int("outFeatures"));

    protected override TensorShape Infer(BilinearSpec spec, TensorShape input, LayerContext context)
    {
        context.Report(DiagnosticDescriptors.BilinearRefused, null, context.DisplayName);
        return TensorShape.Vector(Math.Max(0, spec.OutFeatures));
    }

    protected override Value Lower(BilinearSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => throw new InvalidOperationException("A network with Bilinear is in error and is never lowered.");
}
