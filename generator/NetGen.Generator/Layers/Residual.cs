using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>x + block(x), or shortcut(x) + block(x).</summary>
internal sealed class ResidualLayer() : Layer<ResidualSpec>("NetGen.ResidualAttribute`1", "NetGen.ResidualAttribute`2")
{
    private const string ShortcutName = "shortcut";

    protected override string TypeName(ResidualSpec spec) => $"Residual<{spec.BlockName}{(spec.Shortcut is null ? "" : ", " + spec.Shortcut.Title)}>";

    public override bool HasParameters(LayerSpec spec) => spec.Inner.Any(layer => LayerRegistry.For(layer).HasParameters(layer));

    public override bool KeepsShape(LayerSpec spec) => ((ResidualSpec)spec).Shortcut is null;

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        (string blockName, EquatableArray<LayerSpec> body) = arguments.Block(name);
        if (!arguments.HasTypeArgument(1))
            return new ResidualSpec(name, blockName, body);
        (string shortcutName, EquatableArray<LayerSpec> shortcut) = arguments.Block(name + "." + ShortcutName, 1);
        if (body.FirstOrDefault(layer => layer.PropertyName == Identifiers.ToPascalCase(ShortcutName)) is { } namesake)
            arguments.Report(DiagnosticDescriptors.DuplicateLayerName, LayerArguments.BlockArgument, namesake.Name, namesake.PropertyName, $"the shortcut of Residual<{blockName}, {shortcutName}>");
        return new ResidualSpec(name, blockName, body) { Shortcut = new SequentialSpec(ShortcutName, shortcutName, shortcut) };
    }

    protected override TensorShape Infer(ResidualSpec spec, TensorShape input, LayerContext context)
    {
        TensorShape output;
        (context.Body, output) = ShapeInference.InferBlock(spec.Body, input, context, context.Path);
        if (spec.Shortcut is null)
        {
            // Where the block takes images and was given none, that is what was reported.
            if (!SameWhereKnown(input, output) && !context.Known.ImageIsGuess)
            {
                context.Report(DiagnosticDescriptors.ResidualShapeMismatch, LayerArguments.BlockArgument, context.DisplayName, spec.BlockName, context.Source,
                    MessageText.Shape(input), MessageText.Shape(output));
            }
            return input;
        }

        string path = context.Path + "." + ShortcutName;
        (EquatableArray<InferredLayer> layers, TensorShape shortcut) = ShapeInference.InferBlock(spec.Shortcut.Body, input, context, path);
        context.Body = context.Body.Append(new InferredLayer(spec.Shortcut, path, input, shortcut, layers)).ToEquatableArray();
        if (!SameWhereKnown(output, shortcut) && !context.Known.ImageIsGuess)
        {
            context.Report(DiagnosticDescriptors.ShortcutShapeMismatch, LayerArguments.ShortcutArgument, context.DisplayName, spec.BlockName, spec.Shortcut.Title,
                MessageText.Shape(input), MessageText.Shape(output), MessageText.Shape(shortcut));
        }
        return output.IsComplete ? output : shortcut;
    }

    protected override Value Lower(ResidualSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        Value body = builder.Lower(layer.Body.Take(spec.Body.Count), input);
        Value other = spec.Shortcut is null ? input : builder.Lower(layer.Body.Skip(spec.Body.Count), input);
        return builder.Add(layer, new AddOp(IsBackward: false), [body, other]);
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
