using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.ResidualLayer))]

namespace NetGen.Generator.Layers;

/// <summary>x + block(x), or shortcut(x) + block(x).</summary>
internal sealed class ResidualLayer() : Layer<ResidualSpec>("NetGen.ResidualAttribute`1", "NetGen.ResidualAttribute`2")
{
    /// <summary>The segments that the type arguments add to the paths of their layers.</summary>
    private static readonly string[] Names = ["", "shortcut"];

    protected override string TypeName(ResidualSpec spec) => $"Residual<{string.Join(", ", spec.Scopes.Select(scope => scope.Title))}>";

    public override bool HasParameters(LayerSpec spec) => spec.Members.Any(LayerRegistry.HasParameters);

    public override bool KeepsShape(LayerSpec spec) => spec.Scopes.Count == 1;

    /// <summary>With a shortcut, what precedes it goes to the blocks only.</summary>
    public override ElementsTaken Takes(LayerSpec spec, int input)
        => input == 0 && spec.Scopes.Count == 2 ? ElementsTaken.Any : ElementsTaken.Floats;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        var spec = new ResidualSpec(
            name) { Scopes = Names.Take(arguments.BlockCount).Select((scope, i) => arguments.Scope(scope, i)).ToEquatableArray() };
        foreach (ScopeSpec scope in spec.Scopes.Where(scope => scope.Name.Length > 0 && !arguments.IsNameless))
        {
            // One of the layers that have no segment of their own in front of their names may be called like one.
            string property = Identifiers.ToPascalCase(scope.Name);
            if (spec.Scopes[0].Layers.FirstOrDefault(layer => layer.PropertyName == property) is { } namesake)
            {
                arguments.Report(DiagnosticDescriptors.DuplicateLayerName, ProblemPlace.TypeArgument(0), namesake.Name,
                    $"the property '{property}'", $"the {scope.Name} of {TypeName(spec)}");
            }
        }
        return spec;
    }

    protected override IReadOnlyList<TensorShape> Infer(ResidualSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        TensorShape input = inputs[0], body = inputs[1];
        if (spec.Scopes.Count == 1)
        {
            // Where the block takes images and was given none, that is what was reported.
            if (!SameWhereKnown(input, body) && !context.Known.ImageIsGuess)
            {
                context.Report(DiagnosticDescriptors.ResidualShapeMismatch, ProblemPlace.TypeArgument(0), context.DisplayName,
                    spec.Scopes[0].Title,
                    context.Source, input.InWords, body.InWords);
            }
            return [input];
        }

        TensorShape shortcut = inputs[2];
        if (!SameWhereKnown(body, shortcut) && !context.Known.ImageIsGuess)
        {
            context.Report(DiagnosticDescriptors.ShortcutShapeMismatch, ProblemPlace.TypeArgument(1), context.DisplayName,
                spec.Scopes[0].Title,
                spec.Scopes[1].Title, input.InWords, body.InWords, shortcut.InWords);
        }
        return [body.IsComplete ? body : shortcut];
    }

    protected override IReadOnlyList<Value> Lower(ResidualSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
    {
        return [builder.Add(layer, new AddOp(IsBackward: false), [inputs[1], spec.Scopes.Count == 1 ? inputs[0] : inputs[2]])];
    }

    private static bool SameWhereKnown(TensorShape left, TensorShape right)
    {
        if (left.IsUnknown || right.IsUnknown)
            return true;
        if (left.Rank != right.Rank || left.Axis != right.Axis)
            return false;
        for (int i = 0; i < left.Rank; i++)
        {
            if (left.Dimensions[i] != 0 && right.Dimensions[i] != 0 && left.Dimensions[i] != right.Dimensions[i])
                return false;
        }
        return true;
    }
}
