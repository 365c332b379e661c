using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Inference;

/// <summary>Layers that use the tensors of an earlier one: NG1085 where they cannot.</summary>
internal static class Sharing
{
    private const string Argument = "shares";

    /// <summary>The layer that is named; reports it if there is none.</summary>
    public static NamedValue? Resolve(string name, LayerContext context)
    {
        NamedValue? found = context.Known.Find(context.Path, name, port: "");
        if (found?.Layer is null && context.Known.IsWhole)
        {
            string? near = context.Known.Nearest(context.Path, name);
            string reason = found is not null ? $"'{name}' is no layer, but what the layers here are given"
                : context.Known.IsDeclared(context.Path, name) ? $"'{name}' stands behind it"
                : $"no layer in front of it is called '{name}'{(near is null ? "" : $"; did you mean '{near}'?")}";
            context.ReportName(DiagnosticDescriptors.CannotShare, Argument, element: null, near, context.DisplayName, name, reason);
        }
        return found;
    }

    /// <summary>Reports what keeps a layer from using the tensors of another: kind, blocks or shapes.</summary>
    public static void Check(InferredLayer layer, InferredLayer owner, LayerContext context)
    {
        if (layer.Spec is UnreadableSpec || owner.Spec is UnreadableSpec || !IsComplete(layer) || !IsComplete(owner))
            return;
        if ((Difference(layer, owner, "") ?? MatrixAmong(layer, context)) is { } reason)
            Report(context, owner.Path, reason);
        else if (!LayerRegistry.For(layer.Spec).HasParameters(layer.Spec))
            Report(context, owner.Path, "neither has parameters");
    }

    private static bool IsComplete(InferredLayer layer)
        => layer.Inputs.All(input => input.Shape.IsComplete) && layer.Scopes.All(scope => scope.Layers.All(IsComplete));

    /// <param name="inside">In front of the names of their tensors, of two blocks the path inside of them.</param>
    private static string? Difference(InferredLayer layer, InferredLayer owner, string inside)
    {
        string what = inside.Length == 0 ? "it" : $"its '{inside.TrimEnd('.')}'", that = inside.Length == 0 ? "that" : "that one's";
        Layer kind = LayerRegistry.For(layer.Spec), ownersKind = LayerRegistry.For(owner.Spec);
        if ((kind != ownersKind && !(kind.HasCommonMatrix && ownersKind.HasCommonMatrix)) || layer.Scopes.Count != owner.Scopes.Count
            || layer.Scopes.Zip(owner.Scopes, (a, b) => a.Layers.Count == b.Layers.Count).Contains(false))
            return $"{what} is {kind.TypeName(layer.Spec)}, and {that} is {ownersKind.TypeName(owner.Spec)}";

        if (layer.Spec.IsFrozen != owner.Spec.IsFrozen && kind.HasParameters(layer.Spec))
        {
            return $"{what} is {Frozen(layer)}, and {that} is {Frozen(owner)}; tensors that are shared rest or are trained: "
                + "say Frozen of both or of neither";
        }

        IReadOnlyList<LayerParameter> own = kind.Parameters(layer), others = ownersKind.Parameters(owner);
        foreach (LayerParameter parameter in own)
        {
            LayerParameter? other = others.FirstOrDefault(candidate => candidate.Name == parameter.Name);
            if (other is null || !other.Shape.SequenceEqual(parameter.Shape))
            {
                string found = other is null ? "has none" : "has " + Text(other);
                return $"its '{inside}{parameter.Name}' would be {Text(parameter)}, and that one {found}";
            }
        }
        if (others.FirstOrDefault(other => own.All(parameter => parameter.Name != other.Name)) is { } more)
            return $"it has no '{inside}{more.Name}', and that one has {Text(more)}";
        return layer.Members.Zip(owner.Members, (a, b) => Difference(a, b, b.Spec.IsNameless ? inside : $"{inside}{b.Spec.Name}."))
            .FirstOrDefault(reason => reason is not null);
    }

    /// <summary>What keeps a matrix to layers of one kind, of all that use it: the one that is named may use another's itself.</summary>
    private static string? MatrixAmong(InferredLayer layer, LayerContext context)
        => context.Known.All.Where(other => other.ParameterPath == layer.ParameterPath && other.Path != layer.Path)
            .Select(other => Matrix(layer, other)).FirstOrDefault(reason => reason is not null)
            ?? layer.Members.Select(member => MatrixAmong(member, context)).FirstOrDefault(reason => reason is not null);

    private static string? Matrix(InferredLayer layer, InferredLayer other)
    {
        Layer kind = LayerRegistry.For(layer.Spec), othersKind = LayerRegistry.For(other.Spec);
        return kind == othersKind ? null
            : kind.KeepsMatrix(layer.Spec) is { } own ? $"it {own}"
            : othersKind.KeepsMatrix(other.Spec) is { } others ? $"'{other.Path}' {others}" : null;
    }

    private static string Frozen(InferredLayer layer) => layer.Spec.IsFrozen ? "frozen" : "not frozen";

    private static string Text(LayerParameter parameter)
        => $"[{string.Join(", ", parameter.Shape.Select(extent => MessageText.Number(extent)))}]";

    private static void Report(LayerContext context, string name, string reason)
        => context.Report(DiagnosticDescriptors.CannotShare, Argument, context.DisplayName, name, reason);
}
