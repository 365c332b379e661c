namespace NetGen.Conformance.Tests.Harness;

/// <summary>What networks run on, with the ways to run them there that are compared. A further one is a further value.</summary>
internal sealed class Backend
{
    private readonly string _name;

    private Backend(string name, Func<Backend, IEnumerable<Configuration>> configurations)
    {
        _name = name;
        Configurations = [.. configurations(this)];
    }

    /// <summary>
    /// The widest vectors on one, two and three threads, the others on two, three and one: with fewer samples than threads these share
    /// each.
    /// </summary>
    public static Backend Cpu { get; } = new("Cpu", cpu => CodeForm.All.SelectMany((form, i) =>
        (i == 0 ? new[] { 1, 2, 3 } : [i % 3 + 1]).Select(threads => new Configuration(cpu, form, threads))));

    public static IReadOnlyList<Backend> All { get; } = [Cpu];

    public IReadOnlyList<Configuration> Configurations { get; }

    public override string ToString() => _name;
}
