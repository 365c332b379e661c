using NetGen.Generator.Text;

namespace NetGen.Generator.Specs;

/// <summary>A type around the network, outermost first: what to write to reopen it.</summary>
/// <param name="Declaration">Keyword and name as they must be repeated, e.g. <c>partial class Outer</c> or <c>partial record struct
/// Outer</c>.</param>
internal sealed record ContainingTypeSpec(string Declaration)
{
    /// <summary>The name alone, with <c>@</c> and type parameters where it has them.</summary>
    public string Name => Declaration.Substring(Declaration.LastIndexOf(' ') + 1);
}

/// <summary>What the compilation that uses the network offers, as far as it changes what is emitted.</summary>
/// <param name="HasMultiplyAddEstimate"><c>Vector128.MultiplyAddEstimate</c> exists (.NET 9 and later).</param>
internal sealed record TargetSpec(bool HasMultiplyAddEstimate);

/// <summary>
/// A network as declared: the only value the incremental pipeline caches. Holds no symbols, syntax or locations;
/// a spec that reaches the emitter has passed shape inference without errors.
/// </summary>
/// <param name="Namespace">Escaped, see <see cref="Identifiers.Escape"/>; empty for the global namespace.</param>
/// <param name="Name">The class's name, escaped.</param>
/// <param name="Modifiers">The class's modifiers apart from <c>partial</c>, e.g. <c>public sealed</c>.</param>
/// <param name="Loss">Null for a network without one.</param>
/// <param name="InputShape">Dimensions of one sample, e.g. (1, 28, 28) or (784).</param>
internal sealed record NetworkSpec(
    string Namespace,
    EquatableArray<ContainingTypeSpec> ContainingTypes,
    string Name,
    string Modifiers,
    EquatableArray<int> InputShape,
    EquatableArray<LayerSpec> Layers,
    EquatableArray<LossSpec> Losses,
    TargetSpec Target)
{
    /// <summary>How the parameters are drawn, where the declaration says so: the network's own before those of its blocks.</summary>
    public EquatableArray<InitializerSpec> Initializers { get; init; } = EquatableArray<InitializerSpec>.Empty;

    /// <summary>It can take one position of a sequence after another: [Stream].</summary>
    public bool HasStream { get; init; }

    /// <summary>Nothing of training is written: [InferenceOnly].</summary>
    public bool IsInferenceOnly { get; init; }

    /// <summary>How the weights are kept that kernels can read in several forms; of a network that is trained as floats.</summary>
    public WeightFormat Weights { get; init; }

    /// <summary>The generated members that hide or override one of a base class.</summary>
    public EquatableArray<InheritedMember> Inherited { get; init; } = EquatableArray<InheritedMember>.Empty;

    /// <summary>
    /// Empty, or what tells this network's files apart where another's would have the same names: Roslyn compares them without regard
    /// to case.
    /// </summary>
    public string HintSuffix { get; init; } = "";

    /// <summary>The class as code anywhere may call it, whatever names stand around that code.</summary>
    public string FullName
        => "global::"
        + string.Join(".",
        (Namespace.Length > 0 ? [Namespace] : Array.Empty<string>()).Concat(ContainingTypes.Select(type => type.Name)).Append(Name));

    /// <summary>
    /// Namespace, types around it and class, with dots between and without <c>@</c>: every network of a project has another.
    /// </summary>
    public string Path
    {
        get
        {
            var parts = new List<string>();
            if (Namespace.Length > 0)
                parts.Add(Namespace);
            // Type parameters are not allowed in file names.
            parts.AddRange(ContainingTypes.Select(type => type.Name.Split('<')[0]));
            parts.Add(Name);
            return string.Join(".", parts).Replace("@", "");
        }
    }

    /// <summary>Name of the generated files without extension, unique in the compilation.</summary>
    public string HintName => Path + HintSuffix;

    /// <summary>
    /// What to write in front of a generated member that a base class has too: <c>new</c> or <c>override</c> with a blank behind, or
    /// nothing.
    /// </summary>
    public string ModifierOf(string member) => Inherited.FirstOrDefault(inherited => inherited.Member == member)?.Modifier ?? "";
}

/// <summary>A generated member that an accessible one of a base class has the name of.</summary>
/// <param name="Modifier"><c>new </c> or <c>override </c>.</param>
internal sealed record InheritedMember(string Member, string Modifier);
