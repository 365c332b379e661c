using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Reading;

namespace NetGen.Generator.Parsing;

/// <summary>
/// Where the parts of a specification come from in the source. It lives only as long as one run of the parser: the cached
/// specification has no locations, so that moving a network in its file does not generate it again.
/// </summary>
internal sealed class SourceMap
{
    private readonly Dictionary<string, AttributeSyntaxMap> _attributes = new(StringComparer.Ordinal);

    public void Add(string path, AttributeSyntaxMap attribute) => _attributes[path] = attribute;

    public Diagnostic ToDiagnostic(Problem problem)
    {
        Location location = _attributes.TryGetValue(problem.Path, out AttributeSyntaxMap? attribute)
            ? attribute.Locate(problem.Argument, problem.Element)
            : Location.None;
        ImmutableDictionary<string, string?> properties = problem.Fix is ProblemFix fix
            ? ImmutableDictionary<string, string?>.Empty.Add(fix.Key, fix.Value)
            : ImmutableDictionary<string, string?>.Empty;
        return Diagnostic.Create(problem.Descriptor, location, properties, problem.MessageArguments.ToArray<object>());
    }
}
