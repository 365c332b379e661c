using System.Collections.Concurrent;
using NetGen.Conformance.Tests.Golden;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>Networks compiled once for all tests that use them, in groups: one compilation is quicker than many.</summary>
internal static class CompiledNetworks
{
    private static readonly Lazy<Group> Goldens = new(() => new Group(GoldenFile.Names.Select(n => GoldenFile.Read(n).Stack).ToArray()));
    private static readonly ConcurrentDictionary<string, ICompiledNetwork> Singles = new();

    public static ICompiledNetwork Golden(string name) => Goldens.Value[GoldenFile.Read(name).Stack.Name];

    /// <summary>The generated sources of the golden networks, by file name.</summary>
    public static NetworkCompiler GoldenAssembly => Goldens.Value.Together;

    /// <summary>One network compiled alone, for tests that look at few.</summary>
    public static ICompiledNetwork Of(Stack stack) => Singles.GetOrAdd(stack.Text, _ => NetworkCompiler.Compile([stack]).Networks[stack.Name]);

    /// <summary>
    /// Networks that are compiled together. If that fails, each is compiled alone when it is asked for, so that one that does
    /// not compile fails its own test only.
    /// </summary>
    public sealed class Group(IReadOnlyList<Stack> stacks)
    {
        private readonly Lazy<(NetworkCompiler? Compiler, Exception? Failure)> _together = new(() =>
        {
            try
            {
                return (NetworkCompiler.Compile(stacks), null);
            }
            catch (Exception failure)
            {
                return (null, failure);
            }
        });

        private readonly ConcurrentDictionary<string, Lazy<ICompiledNetwork>> _alone = new();

        public NetworkCompiler Together => _together.Value.Compiler
            ?? throw new InvalidOperationException("The networks do not compile together.", _together.Value.Failure);

        public ICompiledNetwork this[string className]
        {
            get
            {
                if (_together.Value.Compiler is { } together)
                    return together.Networks[className];
                Stack stack = stacks.Single(s => s.Name == className);
                return _alone.GetOrAdd(className, _ => new Lazy<ICompiledNetwork>(() => NetworkCompiler.Compile([stack]).Networks[className])).Value;
            }
        }
    }
}
