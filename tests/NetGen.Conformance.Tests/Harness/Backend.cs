namespace NetGen.Conformance.Tests.Harness;

/// <summary>What networks run on, with the ways to run them there that are compared. A further one is a further value.</summary>
internal sealed class Backend
{
    private readonly string _name;

    private Backend(string name) => _name = name;

    public static Backend Cpu { get; } = new("Cpu");

    public static IReadOnlyList<Backend> All { get; } = [Cpu];

    /// <summary>
    /// The first code, which has the widest vectors, on one, two and three threads, the others on two, three and one: with fewer samples
    /// than threads these share each.
    /// </summary>
    public IEnumerable<Configuration> Configurations(IReadOnlyList<CodeForm> forms) => forms.SelectMany((form, i) =>
        (i == 0 ? new[] { 1, 2, 3 } : [i % 3 + 1]).Select(threads => new Configuration(this, form, threads)));

    /// <summary>All code with all numbers of threads.</summary>
    public IEnumerable<Configuration> Every(IReadOnlyList<CodeForm> forms) =>
        forms.SelectMany(form => new[] { 1, 2, 3 }.Select(threads => new Configuration(this, form, threads)));

    public override string ToString() => _name;
}
