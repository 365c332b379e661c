using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Names;

/// <summary>
/// Whatever names and shape a class has: the generated code compiles without a warning, or NetGen says what to change, and the compiler then
/// says nothing about what NetGen has written.
/// </summary>
public class DeclarationTests
{
    /// <summary>Words that are keywords in some places, as far as this compiler knows, some that it may not know yet, and a few that always are.</summary>
    public static TheoryData<string> Keywords() => new(SyntaxFacts.GetContextualKeywordKinds().Select(SyntaxFacts.GetText)
        .Concat(["scoped", "file", "required", "field", "extension", "allows", "dynamic", "nint", "nuint", "record", "init", "with", "_", "union", "closed", "class", "int", "base", "__arglist"])
        .Where(SyntaxFacts.IsValidIdentifier)
        .Distinct()
        .Order(StringComparer.Ordinal));

    /// <summary>As the class, in the global namespace, and as everything around another class.</summary>
    [Theory]
    [MemberData(nameof(Keywords))]
    public void KeywordsAsNames(string word)
    {
        string layer = word is "_" or "equals" ? "other" : word;
        Compiles($$"""
            [Network(4), Linear(4, 3), Initialize(Init.KaimingNormal), CrossEntropyLoss]
            public partial class @{{word}}
            {
                public @{{word}}(string path) : this(0) => LoadParameters(path);
            }

            namespace A.@{{word}}.B
            {
                public partial class @{{word}}
                {
                    [Network(4), Linear(4, 4, Name = "{{layer}}"), Sequential<@{{word}}2>, CrossEntropyLoss]
                    public partial class Net;
                }

                [Block, Linear(4, Name = "{{layer}}")]
                class @{{word}}2;
            }

            public static class Use
            {
                public static @{{word}} Make() => @{{word}}.Load("a");
            }
            """);
    }

    [Theory]
    [InlineData("A.B_C", "A.B.C")]
    [InlineData("A_.B", "A._B")]
    [InlineData("A_0B", "A._0B")]
    [InlineData("A__B", "A._B")]
    [InlineData("A_B_C", "A.B.C")]
    [InlineData("A_0.B", "A.B0")]
    [InlineData("A_d", "A.d")]
    [InlineData("a.B", "A.b")]
    [InlineData("Ab", "AB")]
    [InlineData("नेट_वर्क", "नेट.वर्क")]
    [InlineData("A‿B", "A.B")]
    public void NamespacesThatLookAlike(string first, string second) => Compiles($$"""
        namespace {{first}} { [Network(4), Linear(4, 3)] public partial class Net; [Network(4), Linear(4, 3)] public partial class N_et; }
        namespace {{second}} { [Network(4), Linear(4, 3)] public partial class Net; [Network(4), Linear(4, 3)] public partial class nEt; }
        """);

    [Theory]
    // Namespaces, types around and underscores.
    [InlineData("namespace A { public partial class B_C { [Network(4), Linear(4, 3)] public partial class Net; } } namespace A.B { public partial class C { [Network(4), Linear(4, 3)] public partial class Net; } }")]
    [InlineData("[Network(4), Linear(4, 3)] partial class A_B; partial class A { [Network(4), Linear(4, 3)] public partial class B; }")]
    [InlineData("[Network(4), Linear(4, 3)] partial class Net; namespace Other { [Network(4), Linear(4, 3)] partial class Net; } partial class Outer { [Network(4), Linear(4, 3)] public partial class Net; } class Outer<T> { }")]
    [InlineData("partial class Net { [Network(4), Linear(4, 3)] public partial class Avx2; [Network(4), Linear(4, 3)] public partial class avx512; [Network(4), Linear(4, 3)] public partial class Vector128; } [Network(4), Linear(4, 3)] partial class Net;")]
    [InlineData("[Network(4), Linear(4, 3)] partial class Net_Avx2; partial class Net { [Network(4), Linear(4, 3)] public partial class Avx2; } [Network(4), Linear(4, 3)] partial class Net;")]
    // Types around of every kind.
    [InlineData("partial struct Outer { [Network(4), Linear(4, 3)] public partial class Net; }")]
    [InlineData("readonly partial struct Outer { [Network(4), Linear(4, 3)] public partial class Net; }")]
    [InlineData("ref partial struct Outer { [Network(4), Linear(4, 3)] public partial class Net; }")]
    [InlineData("partial interface IOuter { [Network(4), Linear(4, 3)] public partial class Net; }")]
    [InlineData("partial record Outer(int X) { [Network(4), Linear(4, 3)] public partial class Net; }")]
    [InlineData("partial record struct Outer(int X) { [Network(4), Linear(4, 3)] public partial class Net; }")]
    [InlineData("static partial class Outer { [Network(4), Linear(4, 3)] private partial class Net; }")]
    [InlineData("abstract partial class Outer { [Network(4), Linear(4, 3)] protected internal sealed partial class Net; }")]
    [InlineData("partial class @class { partial struct @record { [Network(4), Linear(4, 3)] internal partial class @file; } }")]
    // Names of generated members around, beside and below.
    [InlineData("partial class Session { [Network(4), Linear(4, 3), CrossEntropyLoss] public partial class Net; }")]
    [InlineData("partial class Trainer { public partial class Gradients { [Network(4), Linear(4, 3), CrossEntropyLoss] public partial class Net; } }")]
    [InlineData("partial class Linear1Parameters { public partial class Parameters { [Network(4), Linear(4, 3), CrossEntropyLoss] public partial class Net; } }")]
    [InlineData("namespace Session.Trainer.Gradients { [Network(4), Linear(4, 3), CrossEntropyLoss] public partial class Net; }")]
    [InlineData("class Session; class Trainer; class Gradients; class Summary; class Parameters; class Linear1Parameters; [Network(4), Linear(4, 3), CrossEntropyLoss] partial class Net;")]
    [InlineData("[Network(4), Linear(4, 3), CrossEntropyLoss] partial class Network;")]
    [InlineData("[Network(4), Linear(4, 3), CrossEntropyLoss] partial class Forward;")]
    [InlineData("[Network(4), Linear(4, 3), CrossEntropyLoss] partial class Step; [Network(4), Linear(4, 3), CrossEntropyLoss] partial class Linear1Forward; [Network(4), Linear(4, 3), CrossEntropyLoss] partial class TrainForward;")]
    [InlineData("[Network(4), Linear(4, 3), CrossEntropyLoss] partial class Optimizer;")]
    [InlineData("[Network(4), Linear(4, 3), CrossEntropyLoss] partial class Threads;")]
    [InlineData("[Network(4), Linear(4, 3), CrossEntropyLoss] partial class Weight;")]
    [InlineData("[Network(4), Linear(4, 3), CrossEntropyLoss] partial class All;")]
    [InlineData("[Network(4), Linear(4, 3), CrossEntropyLoss] partial class Dispose;")]
    [InlineData("[Network(4), Linear(4, 3), CrossEntropyLoss] partial class VectorWidth;")]
    [InlineData("[Network(4), Linear(4, 3), CrossEntropyLoss] partial class Initialization;")]
    [InlineData("namespace A { [Network(4), Linear(4, 3), CrossEntropyLoss] partial class System; }")]
    [InlineData("namespace A { [global::NetGen.Network(4), global::NetGen.Linear(4, 3), global::NetGen.CrossEntropyLoss] partial class NetGen; }")]
    [InlineData("namespace NetGen.Mine { [Network(4), Linear(4, 3), CrossEntropyLoss] partial class Net; }")]
    [InlineData("namespace Net { [Network(4), Linear(4, 3), CrossEntropyLoss] partial class Net; }")]
    [InlineData("[Network(4), Sequential<Residual1>] partial class Net; [Block, Residual<Linear1>] class Residual1; [Block, Linear(4)] class Linear1;")]
    [InlineData("[Network(4), Residual<B>(Name = \"a\"), ReLU, Linear(4, Name = \"a_b\")] partial class Net; [Block, Linear(4, Name = \"b\")] class B;")]
    [InlineData("[Network(4), Residual<B>(Name = \"weight\"), ReLU, Residual<B>(Name = \"bias\")] partial class Net; [Block, Linear(4, Name = \"all\"), ReLU, Linear(4, Name = \"weight\")] class B;")]
    // Types of the user's in the class that are called as the language's.
    [InlineData("class var; class nint; class nuint; class dynamic; [Network(4), Linear(4, 3), Initialize(Init.Orthogonal), CrossEntropyLoss] partial class Net;")]
    [InlineData("[Network(16, 8, 8), Conv2d(16, 3, Padding = \"same\", Bias = false), BatchNorm2d, ReLU, Conv2d(16, 3, Padding = \"same\"), ReLU, Flatten, Linear(3), CrossEntropyLoss] partial class Net; class var; class nint;")]
    [InlineData("namespace A { class var; class nint; class nuint; class dynamic; [Network(4), Linear(4, 3), Initialize(Init.Orthogonal), CrossEntropyLoss] partial class Net; }")]
    // Written with escapes.
    [InlineData("partial class \\u0041b { [Network(4), Linear(4, 3)] public partial class Ne\\u0074; }")]
    // Members of the user's.
    [InlineData("[Network(4), Linear(4, 3, Name = \"entry\")] partial class Net { public int this[int i] => i; public void get_Other() { } public int get_Entry(int x) => x; }")]
    [InlineData("[Network(4), Linear(4, 3)] partial class Net { ~Net() { } static Net() { } public static bool operator true(Net net) => true; public static bool operator false(Net net) => false; }")]
    [InlineData("[Network(4), Linear(4, 3)] partial class Net : IDisposable { public void Dispose() { } } interface IMine { void Save(string path); IReadOnlyList<Parameter> Parameters { get; } int InputSize { get; } } partial class Net : IMine { int IMine.InputSize => InputSize; }")]
    [InlineData("[Network(4), Linear(4, 3)] partial class Net : INetwork;")]
    [InlineData("unsafe sealed partial class Net { int* _p; public int* P => _p; } [Network(4), Linear(4, 3)] partial class Net;")]
    // Base classes.
    [InlineData("class Base { protected Base() { } } [Network(4), Linear(4, 3)] partial class Net : Base;")]
    [InlineData("class Base(int x = 3) { public int X => x; } [Network(4), Linear(4, 3)] partial class Net : Base;")]
    [InlineData("class Base { public Base(params int[] x) { } public Base(string y) { } } [Network(4), Linear(4, 3)] partial class Net : Base;")]
    [InlineData("class Base<T> { } [Network(4), Linear(4, 3)] partial class Net : Base<Net>;")]
    [InlineData("class Base { public int InputSize; protected const string Summary = \"\"; public static int Graph() => 1; public class Session { } public class Trainer<T> { } internal int Parameters { get; set; } public event Action? Gradients { add { } remove { } } public object Linear1 => this; public class Linear1Parameters { } public string CreateSession = \"\"; } [Network(4), Linear(4, 3), Initialize(Init.Orthogonal)] partial class Net : Base;")]
    [InlineData("class Base { public void Save(string path) { } public static Base Load(string path) => new(); public virtual void LoadParameters(string path) { } public void Save(int number) { } public void Load<T>(string path) { } } [Network(4), Linear(4, 3)] partial class Net : Base;")]
    [InlineData("abstract class Base { public abstract void Save(string path); public abstract void LoadParameters(string path); public abstract IReadOnlyList<Parameter> Parameters { get; } public abstract ISession CreateSession(int maxBatch, SessionOptions? options); public abstract ITrainer CreateTrainer(int batchSize, Optimizer optimizer, TrainerOptions? options); } [Network(4), Linear(4, 3), CrossEntropyLoss] sealed partial class Net : Base;")]
    [InlineData("abstract class Root { public abstract int InputSize { get; } public abstract void Save(string path); } class Base : Root { public override int InputSize => 3; public sealed override void Save(string path) { } } [Network(4), Linear(4, 3)] partial class Net : Base;")]
    [InlineData("class Root { public virtual void Save(string path) { } } class Base : Root { public new void Save(string path) { } } [Network(4), Linear(4, 3)] partial class Net : Base;")]
    [InlineData("class Base { private int _parameters; private void Save(string path) => _parameters = path.Length; public class Net { } } [Network(4), Linear(4, 3), CrossEntropyLoss] partial class Net : Base;")]
    [InlineData("[Network(4), Linear(4, 3)] partial class Net : System.Collections.ObjectModel.Collection<int>;")]
    public void Compile(string source) => Compiles(source);

    [Theory]
    // The class itself.
    [InlineData("NG2014", "[Network(4), Linear(4, 3)] partial class Linear1Parameters;")]
    [InlineData("NG2014", "[Network(4), Linear(4, 3, Name = \"fc\")] partial class FcParameters;")]
    [InlineData("NG2014", "[Network(4), Residual<B>] partial class Residual1Parameters; [Block, Linear(4)] class B;")]
    [InlineData("NG2014", "[Network(4), Linear(4, 3)] partial class Session;")]
    [InlineData("NG2014", "[Network(4), Linear(4, 3)] partial class Load;")]
    [InlineData("NG2014", "[Network(4), Linear(4, 3)] partial class __NetGen;")]
    [InlineData("NG2014", "[Network(4), Linear(4, 3)] partial class Linear1;")]
    [InlineData("NG2014", "[Network(4), Linear(4, 3, Name = \"all\")] partial class Net;")]
    [InlineData("NG2014", "[Network(4), Linear(4, Name = \"a_l_l\"), ReLU, Linear(3, Name = \"_all\")] partial class Net;")]
    // Members of the user's.
    [InlineData("NG2015", "[Network(4), Linear(4, 3)] partial class Net { class Linear1Parameters; }")]
    [InlineData("NG2015", "[Network(4), Linear(4, 3)] partial class Net { int __netGen = 3; public int Use => __netGen; }")]
    [InlineData("NG2015", "[Network(4), Linear(4, 3, Name = \"item\")] partial class Net { public int this[int i] => i; }")]
    [InlineData("NG2015", "[Network(4), Linear(4, 3)] partial class Net { public int get_Linear1() => 3; }")]
    [InlineData("NG2015", "[Network(4), Linear(4, 3)] partial class Net { public static int get_InputShape() => 3; }")]
    // Kinds of classes.
    [InlineData("NG2016", "[Network(4), Linear(4, 3)] partial class Net; partial class Net(int x) { public int X => x; }")]
    [InlineData("NG2016", "[Network(4), Linear(4, 3)] partial class Net { public required string Label { get; set; } }")]
    [InlineData("NG2016", "class Base { public required string Label; } [Network(4), Linear(4, 3)] partial class Net : Base;")]
    [InlineData("NG2016", "class Base { public Base(int x, string y) { } } [Network(4), Linear(4, 3)] partial class Net : Base;")]
    [InlineData("NG2016", "class Base { private Base() { } protected Base(object x) { } } [Network(4), Linear(4, 3)] partial class Net : Base; class Use { public Net Make() => new Net(3); }")]
    [InlineData("NG2016", "class Base { public Base(int x = 1) { } public Base(string? y = null) { } } [Network(4), Linear(4, 3)] partial class Net : Base;")]
    [InlineData("NG2016", "[Network(4), Linear(4, 3)] partial class Small; [Network(4), Linear(4, 3)] partial class Net : Small;")]
    [InlineData("NG2003", "partial class Outer<T> { [Network(4), Linear(4, 3)] public partial class Net; }")]
    [InlineData("NG2003", "partial class Outer<@record, @in> { [Network(4), Linear(4, 3)] public partial class Net { public Net Other() => Load(\"a\"); } }")]
    // Names that generated members hide.
    [InlineData("NG2026", "static class Head { public const int Hidden = 4; } [Network(4), Linear(Head.Hidden, 10, Name = \"head\")] partial class Net;")]
    [InlineData("NG2026", "namespace A { static class Linear1 { public const int Out = 4; } [Network(4), Linear(4, Linear1.Out)] partial class Net; }")]
    [InlineData("NG2026", "static class Session { public const int Hidden = 4; } [Network(4), Linear(4, Session.Hidden)] partial class Net;")]
    [InlineData("NG2026", "enum Gradients { A = 3 } [Network(4), Linear(4, (int)Gradients.A)] partial class Net;")]
    [InlineData("NG2026", "static class Summary { public const int X = 4; } [Network(4), Linear(4, Summary.X)] partial class Net;")]
    [InlineData("NG2026", "namespace Graph { static class Sizes { public const int X = 4; } } namespace A { [Network(4), Linear(4, Graph.Sizes.X)] partial class Net; }")]
    [InlineData("NG2026", "partial class Outer { const int Fc = 4; [Network(4), Linear(4, Fc, Name = \"fc\")] partial class Net; }")]
    [InlineData("NG2026", "static class Linear1Parameters { public const int X = 4; } [Network(4), Linear(4, Linear1Parameters.X)] partial class Net;")]
    [InlineData("NG2026", "static class Head { public const int Hidden = 4; } [Network(4), Linear(4, Name = \"head\")] partial class Net { public int Size() { return Head.Hidden; } }")]
    [InlineData("NG2026", "static class Head { public static int Make() => 4; } [Network(4), Linear(4, Name = \"head\")] partial class Net { private static readonly int Size = Head.Make(); public static int Use => Size; }")]
    [InlineData("NG2026", "class Session { public Session(string name) { } public string Name = \"\"; } [Network(4), Linear(4)] partial class Net { public string Use() => new Session(\"a\").Name; }")]
    [InlineData("NG2026", "static class Files { public static void Save(int x) { } } partial class Outer { static void Save(int a, int b) { } [Network(4), Linear(4)] partial class Net { public void Use() => Save(1, 2); } }")]
    [InlineData("NG2026", "class Base { protected int Head = 3; } [Network(4), Linear(4, Name = \"head\")] partial class Net : Base { public int Use() => Head; }")]
    [InlineData("NG2026", "class TrainerAttribute : Attribute; static class Trainer { public class MarkAttribute : Attribute; } [Network(4), Linear(4), Trainer.Mark] partial class Net;")]
    public void IsRefused(string id, string source)
    {
        GenerationResult result = GeneratorHarness.Run(source);
        string found = string.Join('\n', result.NetGenDiagnostics.Concat(result.CompilerDiagnostics));
        Assert.True(result.NetGenDiagnostics.Any(diagnostic => diagnostic.Id == id), found);
        Assert.True(result.NetGenDiagnostics.All(diagnostic => diagnostic.Id == id || diagnostic.Severity < DiagnosticSeverity.Error), found);
        Assert.False(result.CompilerDiagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), found);
    }

    /// <summary>What can only be meant of the generated member, or means the same with and without it, is let alone.</summary>
    [Theory]
    [InlineData("class Session; [Network(4), Linear(4)] partial class Net { public void Use() { using Session session = CreateSession(); session.Forward(default, default); } }")]
    [InlineData("static class Head { public const int Hidden = 4; } [Network(4), Linear(4, Name = \"head\")] partial class Net { public Parameter Use() => Head.Weight; }")]
    [InlineData("static class Head { public const int Hidden = 4; } [Network(4), Linear(global::Head.Hidden, 10, Name = \"head\")] partial class Net;")]
    [InlineData("partial class Outer { const int InputSize = 4; [Network(InputSize), Linear(4)] partial class Net; }")]
    [InlineData("[Block, Linear(4)] class Trainer; [Network(4), Sequential<Trainer>] partial class Net;")]
    [InlineData("[Block, Linear(4)] class Residual1; [Network(4), Residual<Residual1>] partial class Net { public string Use() => nameof(Residual1); }")]
    [InlineData("class SessionAttribute : Attribute { public string Summary = \"\"; } [Network(4), Linear(4), Session(Summary = nameof(Net))] partial class Net;")]
    [InlineData("class Base { protected int Head() => 3; } [Network(4), Linear(4, Name = \"head\")] partial class Net : Base { public int Use() => Head(); }")]
    [InlineData("class Save; class Base<T>; [Network(4), Linear(4)] partial class Net : Base<Save>;")]
    public void MeansTheGeneratedMember(string source) => Compiles(source);

    private static void Compiles(string source)
    {
        GenerationResult result = GeneratorHarness.Run(source);
        string found = string.Join('\n', result.NetGenDiagnostics.Concat(result.CompilerDiagnostics.Where(IsOurs)));
        Assert.True(found.Length == 0, found);
        Assert.NotEmpty(result.Sources);
    }

    /// <summary>Deep networks share tiles, which take strides of the language's own integers of pointer size.</summary>
    [Fact]
    public void SharedTilesKnowTheirIntegers()
    {
        string layers = string.Join(", ", Enumerable.Repeat("Conv2d(16, 3, Padding = 1), ReLU", 24));
        Compiles($"class nint; class nuint; class var; [Network(16, 8, 8), {layers}, Flatten, Linear(3), CrossEntropyLoss] partial class Net;");
    }

    /// <summary>Warnings about the user's source are the user's.</summary>
    private static bool IsOurs(Diagnostic diagnostic)
        => diagnostic.Severity == DiagnosticSeverity.Error || diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true;
}
