using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>
/// Further methods to which one that calls kernels leaves sections of its calls, those that come several times among them. A network may
/// have any number of layers, but the JIT stops optimising beyond 2,000 locals, and inlining far below: so no method names more than a few
/// hundred values.
/// </summary>
/// <param name="name">Of the method; its sections are numbered.</param>
/// <param name="parameters">Its parameters, which the sections have as well.</param>
internal sealed class DriverSections(string name, string suffix, IReadOnlyList<KernelParameter> parameters)
{
    /// <summary>The most calls in one method.</summary>
    public const int MaxCalls = 96;

    /// <summary>The most values whose pointers one method declares.</summary>
    private const int MaxValues = 200;

    private readonly List<Section> _sections = [];

    public static bool Fits(IReadOnlyList<KernelCall> calls) => Split(calls).Count <= 1;

    /// <summary>The calls in sections that each fit one method.</summary>
    public static IReadOnlyList<IReadOnlyList<KernelCall>> Split(IReadOnlyList<KernelCall> calls)
    {
        var sections = new List<IReadOnlyList<KernelCall>>();
        var open = new List<KernelCall>();
        var values = new HashSet<Value>();
        foreach (KernelCall call in calls)
        {
            var own = call.Values.Select(value => value.Storage).ToList();
            if (open.Count == MaxCalls || (open.Count > 0 && values.Count + own.Count(value => !values.Contains(value)) > MaxValues))
            {
                sections.Add(open);
                open = [];
                values.Clear();
            }
            open.Add(call);
            values.UnionWith(own);
        }
        if (open.Count > 0)
            sections.Add(open);
        return sections;
    }

    /// <summary>Statements in sections that each fit one method.</summary>
    public static IReadOnlyList<IReadOnlyList<T>> Split<T>(IReadOnlyList<T> statements)
        => Enumerable.Range(0, (statements.Count + MaxCalls - 1) / MaxCalls)
            .Select(i => (IReadOnlyList<T>)statements.Skip(i * MaxCalls).Take(MaxCalls).ToList()).ToList();

    /// <summary>Writes one more section.</summary>
    /// <param name="locals">Variables of the caller that the section takes besides the parameters, e.g. the number of the sample.</param>
    /// <param name="repeats">It is called several times, for equal layers.</param>
    /// <returns>The statement that calls it.</returns>
    public string Add(IReadOnlyList<KernelParameter> locals, bool repeats, Action<SourceWriter> emitBody)
    {
        var body = new SourceWriter();
        emitBody(body);
        string method = $"{name}Section{Literals.Int(_sections.Count + 1)}{suffix}";
        IReadOnlyList<KernelParameter> all = [.. parameters, .. locals];
        _sections.Add(new Section(method, all, repeats, body.ToString().TrimEnd('\n')));
        return $"{method}({string.Join(", ", all.Select(parameter => parameter.Name))});";
    }

    /// <summary>Writes the sections, behind the method that calls them.</summary>
    public void Emit(SourceWriter writer)
    {
        for (int i = 0; i < _sections.Count; i++)
        {
            string why = _sections[i].Repeats
                ? "which calls it for each of several equal layers" : "which would be too long for the JIT to optimise";
            writer.Line();
            writer.Line($"/// <summary>Section {Literals.Int(i + 1)} of {Literals.Int(_sections.Count)} of <see "
                + $"cref=\"{name}{suffix}\"/>, {why}.</summary>");
            using (writer.UncheckedMethod($"private static void {_sections[i].Name}({_sections[i].Parameters.Declaration()})"))
                writer.Line(_sections[i].Body);
        }
    }

    private sealed record Section(string Name, IReadOnlyList<KernelParameter> Parameters, bool Repeats, string Body);
}
