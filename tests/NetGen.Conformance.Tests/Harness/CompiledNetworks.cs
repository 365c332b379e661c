using System.Collections.Concurrent;
using NetGen.Conformance.Tests.Golden;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>Networks compiled once for all tests that use them, in groups: one compilation is quicker than many.</summary>
internal static class CompiledNetworks
{
    private static readonly Lazy<Group> Goldens = new(() => new Group(GoldenFile.Names.Select(n => GoldenFile.Read(n).Stack).ToArray()));
    private static readonly ConcurrentDictionary<string, Assigned> Tables = new();
    private static readonly Lazy<Group> StreamNetworks = new(() => new Group(StreamRows.Stacks, DeclaredAs.Stream));
    private static readonly ConcurrentDictionary<(string Text, Consumer Consumer), ICompiledNetwork> Singles = new();

    /// <param name="consumer">The project that it is compiled for, here and in the groups: by default one for .NET 10.</param>
    public static ICompiledNetwork Golden(string name, Consumer? consumer = null) =>
        Goldens.Value[GoldenFile.Read(name).Stack.Name, consumer];

    /// <summary>All golden networks.</summary>
    public static Group AllGolden => Goldens.Value;

    /// <summary>The networks of <see cref="StreamRows"/>.</summary>
    public static Group Streams => StreamNetworks.Value;

    /// <summary>The networks of a group of <see cref="NetworkTable"/>.</summary>
    public static Assigned Table(string group) => Tables.GetOrAdd(
        group, name => new Assigned(NetworkTable.Stacks(name).ToArray(), stack => CodeForm.For(stack)));

    /// <summary>One network compiled alone, for tests that look at few.</summary>
    /// <param name="consumer">By default a project for .NET 10 with kernels of every width.</param>
    public static ICompiledNetwork Of(Stack stack, Consumer? consumer = null) =>
        Singles.GetOrAdd((stack.Text, consumer ?? Consumer.Net10OfEveryWidth),
            key => NetworkCompiler.Compile([stack], key.Consumer).Networks[stack.Name]);

    /// <summary>Networks of which each is compiled for one project, which takes half of the compiler's time for both, or less.</summary>
    public sealed class Assigned
    {
        private readonly Dictionary<Consumer, Group> _groups;
        private readonly Func<Stack, IReadOnlyList<CodeForm>> _formsOf;

        /// <param name="formsOf">What runs of a network: code of one project.</param>
        public Assigned(IReadOnlyList<Stack> stacks, Func<Stack, IReadOnlyList<CodeForm>> formsOf)
        {
            Stacks = stacks;
            _formsOf = formsOf;
            _groups = stacks.GroupBy(ConsumerOf).ToDictionary(group => group.Key, group => new Group([.. group]));
        }

        public IReadOnlyList<Stack> Stacks { get; }

        /// <summary>The network for its project.</summary>
        public ICompiledNetwork this[Stack stack] => _groups[ConsumerOf(stack)][stack.Name, ConsumerOf(stack)];

        public IReadOnlyList<CodeForm> FormsOf(Stack stack) => _formsOf(stack);

        private Consumer ConsumerOf(Stack stack) => _formsOf(stack)[0].Consumer;
    }

    /// <summary>
    /// Networks that are compiled together, some at a time. If that fails, each is compiled alone when it is asked for, so that one that
    /// does not compile fails its own test only.
    /// </summary>
    public sealed class Group(IReadOnlyList<Stack> stacks, DeclaredAs declaredAs = DeclaredAs.Usual)
    {
        /// <summary>
        /// So many have most of what a compilation has to do once behind them, and the garbage collector little to look through.
        /// </summary>
        private const int PerCompilation = 8;

        private readonly ConcurrentDictionary<(int Part, Consumer Consumer), Lazy<(NetworkCompiler? Compiler, Exception? Failure)>> _together =
            new();

        private readonly ConcurrentDictionary<(string ClassName, Consumer Consumer), Lazy<ICompiledNetwork>> _alone = new();

        private readonly Dictionary<string, int> _places = stacks.Select((stack, i) => (stack.Name, i)).ToDictionary(p => p.Name, p => p.i);

        public IReadOnlyList<Stack> Stacks => stacks;

        /// <summary>All networks, compiled for a project.</summary>
        public IEnumerable<NetworkCompiler> Together(Consumer consumer) =>
            Enumerable.Range(0, (stacks.Count + PerCompilation - 1) / PerCompilation).Select(part => Compiled(part, consumer) switch
            {
                ({ } compiler, _) => compiler,
                (_, var failure) => throw new InvalidOperationException($"The networks do not compile together for {consumer}.", failure),
            });

        public ICompiledNetwork this[string className, Consumer? consumer = null]
        {
            get
            {
                consumer ??= Consumer.Net10;
                int place = _places[className];
                if (Compiled(place / PerCompilation, consumer).Compiler is { } together)
                    return together.Networks[className];
                Stack stack = stacks[place];
                return _alone.GetOrAdd((className, consumer),
                    _ => new Lazy<ICompiledNetwork>(() => NetworkCompiler.Compile([stack], consumer, declaredAs: declaredAs).Networks[className])).Value;
            }
        }

        private (NetworkCompiler? Compiler, Exception? Failure) Compiled(int part, Consumer consumer) =>
            _together.GetOrAdd((part, consumer), _ => new(() =>
        {
            Stack[] own = [.. stacks.Skip(part * PerCompilation).Take(PerCompilation)];
            try
            {
                return (NetworkCompiler.Compile(own, consumer, declaredAs: declaredAs), null);
            }
            catch (Exception failure)
            {
                return (null, failure);
            }
        })).Value;
    }
}
