using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Reading;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>A layer that makes one value of several: of those that it names, or of what its blocks give.</summary>
/// <param name="Values">The names as declared, with <see cref="JoinLayer{TSpec}.Preceding"/> for what precedes the layer.</param>
internal abstract record JoinSpec(string Name, EquatableArray<string> Values) : LayerSpec(Name)
{
    /// <summary>Its blocks are one, once for each value of its constant.</summary>
    public bool RepeatsBlock { get; init; }
}

/// <summary>A kind of layer that makes one value of several.</summary>
internal abstract class JoinLayer<TSpec>(params string[] attributeNames) : Layer<TSpec>(attributeNames)
    where TSpec : JoinSpec
{
    /// <summary>The name of what precedes the layer; where it is not among the names, that comes first.</summary>
    public const string Preceding = ".";

    /// <summary>The segment that the layers of a block are found under, before its number.</summary>
    private const string Branch = "branch";

    private const string Values = "values", Constants = "constants";

    public override bool HasParameters(LayerSpec spec) => spec.Members.Any(LayerRegistry.HasParameters);

    /// <summary>Of what precedes it, where its blocks' results are joined, the blocks take what they can.</summary>
    public sealed override ElementsTaken Takes(LayerSpec spec, int input)
        => input == 0 && spec.Scopes.Count > 0 ? ElementsTaken.Any : ElementsTaken.Floats;

    /// <summary>The attribute's names: without type arguments, and with one to <paramref name="branches"/>.</summary>
    protected static IEnumerable<string> Forms(string attribute, int branches, int fewest = 1)
        => Enumerable.Range(fewest, branches - fewest + 1).Select(count => $"{attribute}`{Invariant.Text(count)}").Prepend(attribute);

    protected sealed override IReadOnlyList<NamedInput> Reads(TSpec spec)
    {
        var reads = new List<NamedInput>();
        for (int i = 0; i < spec.Values.Count; i++)
        {
            if (spec.Values[i] != Preceding)
                reads.Add(ValueNames.Named(Values, spec.Values[i], i));
        }
        return reads;
    }

    /// <summary>The names that the attribute gives.</summary>
    protected static EquatableArray<string> ReadValues(LayerArguments arguments) => arguments.ValueNames(Values, ValueNames.Form);

    /// <summary>The spec with the attribute's blocks: each once, or the only one once for each value of its constant.</summary>
    protected static TSpec WithBranches(TSpec spec, LayerArguments arguments)
    {
        bool repeats = arguments.BlockCount == 1;
        IEnumerable<ScopeSpec> scopes = repeats
            ? arguments.Constants.Select((constant, i) => arguments.Scope(Branch + Invariant.Text(i + 1), 0, [constant]))
            : Enumerable.Range(0, arguments.BlockCount).Select(i => arguments.Scope(Branch + Invariant.Text(i + 1), i));
        return spec with { Scopes = scopes.ToEquatableArray(), RepeatsBlock = repeats };
    }

    /// <summary>The layer as the user writes it.</summary>
    protected static string WithBlocks(string kind, TSpec spec) => spec.Scopes.Count == 0 ? kind
        : $"{kind}<{string.Join(", ", spec.Scopes.Select(scope => scope.Title).Take(spec.RepeatsBlock ? 1 : spec.Scopes.Count))}>";

    /// <summary>Reports NG1084 where there are fewer operands than two, or more than the layer takes.</summary>
    protected static void CheckCount(TSpec spec, int most, LayerContext context)
    {
        int count = Operands(spec).Count;
        if (count >= 2 && count <= most)
            return;
        string wanted = most == 2 ? "two values" : "at least two values";
        string found = count == 1 && !spec.RepeatsBlock ? "only what precedes it is there: name another"
            : $"{MessageText.Count(count, "value")} {(count == 1 ? "is" : "are")} given";
        if (spec.RepeatsBlock)
            context.Report(DiagnosticDescriptors.OperandCount, Constants, context.DisplayName, wanted, found);
        else
            context.ReportElement(DiagnosticDescriptors.OperandCount, Values, spec.Values.Count - 1, context.DisplayName, wanted, found);
    }

    /// <summary>Which of the layer's inputs are joined, in order.</summary>
    protected static IReadOnlyList<int> Operands(TSpec spec)
    {
        if (spec.Scopes.Count > 0 || spec.RepeatsBlock)
            return Enumerable.Range(1, spec.Scopes.Count).ToArray();
        int next = 1;
        IEnumerable<int> named = spec.Values.Select(value => value == Preceding ? 0 : next++).ToArray();
        return spec.Values.Contains(Preceding) ? named.ToArray() : named.Prepend(0).ToArray();
    }

    /// <summary>An operand in a message.</summary>
    /// <param name="input">Which of the layer's inputs it is.</param>
    protected static string InWords(TSpec spec, int input, LayerContext context)
    {
        if (input == 0)
            return context.Source;
        return spec.Scopes.Count > 0
            ? $"{spec.Scopes[input - 1].Title} ({Branch}{Invariant.Text(input)})"
            : $"'{spec.Values.Where(value => value != Preceding).ElementAt(input - 1)}'";
    }

    /// <summary>Reports that an operand does not fit those in front of it, at the place where it is given.</summary>
    protected static void ReportOperand(TSpec spec, int input, LayerContext context, DiagnosticDescriptor descriptor,
        params string[] messageArguments)
    {
        // Where an image is missing, that is what was reported.
        if (context.Known.ImageIsGuess)
            return;
        if (spec.RepeatsBlock)
            context.ReportElement(descriptor, Constants, input - 1, messageArguments);
        else if (spec.Scopes.Count > 0)
            context.Report(descriptor, ProblemPlace.TypeArgument(input - 1), messageArguments);
        else if (input == 0 && !spec.Values.Contains(Preceding))
            context.Report(descriptor, null, messageArguments);
        else
            context.ReportElement(descriptor, Values, Position(spec, input), messageArguments);
    }

    /// <summary>Where an input stands among the names.</summary>
    private static int Position(TSpec spec, int input)
    {
        int named = 0;
        for (int i = 0; i < spec.Values.Count; i++)
        {
            if (spec.Values[i] == Preceding ? input == 0 : ++named == input)
                return i;
        }
        return 0;
    }
}
