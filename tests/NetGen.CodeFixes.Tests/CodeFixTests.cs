using System.Reflection;
using Microsoft.CodeAnalysis.CodeFixes;

namespace NetGen.CodeFixes.Tests;

public class CodeFixTests
{
    /// <summary>Id, source, title of the fix, source after it. What is left must be free of diagnostics.</summary>
    public static TheoryData<string, string, string, string> Fixes() => new()
    {
        {
            "NG1001",
            "[Network(64, 7, 7), Flatten, Linear(7*7*32, 128), ReLU, Linear(128, 10)] partial class Net;",
            "Write 7 * 7 * 64",
            "[Network(64, 7, 7), Flatten, Linear(7 * 7 * 64, 128), ReLU, Linear(128, 10)] partial class Net;"
        },
        {
            "NG1001",
            "[Network(64, 7, 7), Flatten, Dropout(0.5), Linear(inFeatures: 1000 /* sic */, outFeatures: 10)] partial class Net;",
            "Write 7 * 7 * 64",
            "[Network(64, 7, 7), Flatten, Dropout(0.5), Linear(inFeatures: 7 * 7 * 64 /* sic */, outFeatures: 10)] partial class Net;"
        },
        {
            "NG1001",
            "[Network(4), Linear(4, 128), ReLU, Linear(64, 10)] partial class Net;",
            "Write 128",
            "[Network(4), Linear(4, 128), ReLU, Linear(128, 10)] partial class Net;"
        },
        {
            "NG1001",
            "[Network(64, 100), Linear(64, 10), ReLU] partial class Net;",
            "Write 100",
            "[Network(64, 100), Linear(100, 10), ReLU] partial class Net;"
        },
        {
            // All positions are meant, not each.
            "NG1001",
            "[Network(64, 10), Linear(64 * 10, 10), ReLU] partial class Net;",
            "Insert Flatten",
            "[Network(64, 10), Flatten, Linear(64 * 10, 10), ReLU] partial class Net;"
        },
        {
            // The map is one pixel: only its channels count.
            "NG1001",
            "[Network(512, 1, 1), Flatten, Linear(100, 10)] partial class Net;",
            "Write 512",
            "[Network(512, 1, 1), Flatten, Linear(512, 10)] partial class Net;"
        },
        {
            "NG1002",
            "[Network(3, 8, 8), Conv2d(1, 6, 5), ReLU] partial class Net;",
            "Write 3",
            "[Network(3, 8, 8), Conv2d(3, 6, 5), ReLU] partial class Net;"
        },
        {
            "NG1081",
            "[Network(4), Linear(4, Name = \"first\"), ReLU, Add(\"frist\"), Linear(3)] partial class Net;",
            "Write \"first\"",
            "[Network(4), Linear(4, Name = \"first\"), ReLU, Add(\"first\"), Linear(3)] partial class Net;"
        },
        {
            "NG1085",
            "[Network(4), Linear(4, Name = \"first\"), ReLU, Linear(4, Shares = \"fist\")] partial class Net;",
            "Write \"first\"",
            "[Network(4), Linear(4, Name = \"first\"), ReLU, Linear(4, Shares = \"first\")] partial class Net;"
        },
        {
            "NG1086",
            "[Network(4), Linear(4), Output(\"kind\"), ReLU, Linear(2), Output(\"box\"), MSELoss(Of = \"bux\")] partial class Net;",
            "Write \"box\"",
            "[Network(4), Linear(4), Output(\"kind\"), ReLU, Linear(2), Output(\"box\"), MSELoss(Of = \"box\")] partial class Net;"
        },
        {
            "NG1076",
            "[Network(4), Linear(3, Name = \"left\"), From(\"input\"), Linear(3), CosineSimilarity(From = \"lift\")] partial class Net;",
            "Write \"left\"",
            "[Network(4), Linear(3, Name = \"left\"), From(\"input\"), Linear(3), CosineSimilarity(From = \"left\")] partial class Net;"
        },
        {
            "NG1062",
            "[Network(2, 8, 8), MaxPool2d(2, ReturnIndices = true), MaxUnpool2d(\"maxpol1\")] partial class Net;",
            "Write \"maxpool1\"",
            "[Network(2, 8, 8), MaxPool2d(2, ReturnIndices = true), MaxUnpool2d(\"maxpool1\")] partial class Net;"
        },
        {
            "NG3040",
            "using System.Runtime.CompilerServices;\nstruct Same : IActivation\n{\n    /// <summary>Same.</summary>\n    public static V Forward<V>(V x) where V : struct, IVector<V> => x;\n\n"
                + "    [MethodImpl(MethodImplOptions.AggressiveInlining)]\n    static V IActivation.Derivative<V>(V x) => 1;\n}\n",
            "Mark 'Forward' for inlining",
            "using System.Runtime.CompilerServices;\nstruct Same : IActivation\n{\n    /// <summary>Same.</summary>\n    [MethodImpl(MethodImplOptions.AggressiveInlining)]\n    public static V Forward<V>(V x) where V : struct, IVector<V> => x;\n\n"
                + "    [MethodImpl(MethodImplOptions.AggressiveInlining)]\n    static V IActivation.Derivative<V>(V x) => 1;\n}\n"
        },
        {
            "NG3040",
            "struct Same : IActivation { [System.Runtime.CompilerServices.MethodImpl(256)] public static V Forward<V>(V x) where V : struct, IVector<V> => x; "
                + "static V IActivation.Derivative<V>(V x) => 1; }",
            "Mark 'Derivative' for inlining",
            "struct Same : IActivation { [System.Runtime.CompilerServices.MethodImpl(256)] public static V Forward<V>(V x) where V : struct, IVector<V> => x; "
                + "[System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)] static V IActivation.Derivative<V>(V x) => 1; }"
        },
        {
            "NG1004",
            "[Network(1, 4, 4)]\n[ReLU]\n[Linear(16, 10), ReLU]\npartial class Net;",
            "Insert Flatten",
            "[Network(1, 4, 4)]\n[ReLU]\n[Flatten, Linear(16, 10), ReLU]\npartial class Net;"
        },
        {
            "NG1004",
            "[NetGen.Network(1, 4, 4), NetGen.Linear(10)] partial class Net;",
            "Insert Flatten",
            "[NetGen.Network(1, 4, 4), NetGen.Flatten, NetGen.Linear(10)] partial class Net;"
        },
        {
            "NG1004",
            "[Network(1, 4, 4), global::NetGen.Linear(10)] partial class Net;",
            "Insert Flatten",
            "[Network(1, 4, 4), global::NetGen.Flatten, global::NetGen.Linear(10)] partial class Net;"
        },
        {
            "NG1012",
            "[Network(1, 4, 4), Tanh]\n[CrossEntropyLoss]\npartial class Net;",
            "Insert Flatten",
            "[Network(1, 4, 4), Tanh]\n[Flatten, CrossEntropyLoss]\npartial class Net;"
        },
        {
            "NG3010",
            "[Network(3, 8, 8), Conv2d(3, 6, 5, Padding = 2 /* same */), BatchNorm2d] partial class Net;",
            "Drop the bias",
            "[Network(3, 8, 8), Conv2d(3, 6, 5, Padding = 2, Bias = false /* same */), BatchNorm2d] partial class Net;"
        },
        {
            "NG3010",
            "[Network(3), Linear(6, Bias = true), BatchNorm1d] partial class Net;",
            "Drop the bias",
            "[Network(3), Linear(6, Bias = false), BatchNorm1d] partial class Net;"
        },
        {
            "NG3010",
            "[Network(3), Linear(3, 6, true), BatchNorm1d] partial class Net;",
            "Drop the bias",
            "[Network(3), Linear(3, 6, false), BatchNorm1d] partial class Net;"
        },
        {
            "NG1002",
            "[Network(28, 28, 3)]\n[Conv2d(3, 8, 3)]\npartial class Net;",
            "Write [Network(3, 28, 28)]",
            "[Network(3, 28, 28)]\n[Conv2d(3, 8, 3)]\npartial class Net;"
        },
        {
            "NG1002",
            "[NetGen.Network(Sizes.Side, 24, 3), ReLU, BatchNorm2d(3)]\npartial class Net;\nstatic class Sizes { public const int "
                + "Side = 28; }",
            "Write [Network(3, Sizes.Side, 24)]",
            "[NetGen.Network(3, Sizes.Side, 24), ReLU, BatchNorm2d(3)]\npartial class Net;\nstatic class Sizes { public const int "
                + "Side = 28; }"
        },
        {
            "NG2026",
            "namespace A; static class Head { public const int Hidden = 4; }\n[Network(4), Linear(Head.Hidden, 10, Name = "
                + "\"head\")]\npartial class Net;",
            "Write global::A.Head",
            "namespace A; static class Head { public const int Hidden = 4; }\n[Network(4), Linear(global::A.Head.Hidden, 10, Name = "
                + "\"head\")]\npartial class Net;"
        },
        {
            "NG2001",
            "[Network(4), Linear(2)]\npublic sealed /* mine */ class Net;",
            "Make 'Net' partial",
            "[Network(4), Linear(2)]\npublic sealed /* mine */ partial class Net;"
        },
        {
            "NG2002",
            "public static class Outer { [Network(4), Linear(2)] public partial class Net; }",
            "Make 'Outer' partial",
            "public static partial class Outer { [Network(4), Linear(2)] public partial class Net; }"
        },
        {
            "NG2002",
            "record struct Outer { [Network(4), Linear(2)] public partial class Net; }",
            "Make 'Outer' partial",
            "partial record struct Outer { [Network(4), Linear(2)] public partial class Net; }"
        },
    };

    [Theory]
    [MemberData(nameof(Fixes))]
    public Task RemovesTheDiagnostic(string id, string source, string title, string expected)
        => Fixing.AssertRemoves(id, source, title, expected);

    /// <summary>Id, source, source after "fix all".</summary>
    public static TheoryData<string, string, string> FixesOfAll() => new()
    {
        {
            "NG1001",
            "[Network(2, 3, 3), Flatten, Linear(1, 8), ReLU, Linear(9, 4)] partial class Net;\n[Network(5), Linear(6, 7)] partial "
                + "class Other;",
            "[Network(2, 3, 3), Flatten, Linear(3 * 3 * 2, 8), ReLU, Linear(8, 4)] partial class Net;\n[Network(5), Linear(5, 7)] "
                + "partial class Other;"
        },
        {
            "NG2002",
            // The outermost type is reported for each of its networks.
            "class A { public class B { [Network(4), Linear(2)] public partial class C; [Network(4), Linear(2)] public partial class "
                + "D; } }",
            "partial class A { public partial class B { [Network(4), Linear(2)] public partial class C; [Network(4), Linear(2)] "
                + "public partial class D; } }"
        },
        {
            "NG3010",
            "[Network(3), Linear(6), BatchNorm1d, ReLU, Linear(5), BatchNorm1d] partial class Net;",
            "[Network(3), Linear(6, Bias = false), BatchNorm1d, ReLU, Linear(5, Bias = false), BatchNorm1d] partial class Net;"
        },
        {
            "NG1004",
            "[Network(1, 4, 4), Linear(2)] partial class Net;\n[Network(1, 4, 4), Linear(2)] partial class Other;",
            "[Network(1, 4, 4), Flatten, Linear(2)] partial class Net;\n[Network(1, 4, 4), Flatten, Linear(2)] partial class Other;"
        },
    };

    [Theory]
    [MemberData(nameof(FixesOfAll))]
    public Task FixesAll(string id, string source, string expected) => Fixing.AssertRemovesAll(id, source, expected);

    [Fact]
    public async Task ABlockUsedWithSeveralShapesIsTheUsersToDecide()
    {
        const string source = """
            [Network(4), Residual<B>] partial class Net;
            [Network(6), Residual<B>] partial class Other;
            [Block, Linear(5, 4)] class B;
            """;
        var project = new Fixing(source);
        Assert.Equal(["Write 4", "Write 6"], (await project.Offers("NG1001")).Select(action => action.Title).Order());
        await project.ApplyToAll("NG1001");
        Assert.Equal(source, project.Text);
    }

    [Theory]
    // A vector where an image is needed: nothing to insert would be right.
    [InlineData("NG1004", "[Network(4), Conv2d(8, 3)] partial class Net;")]
    // No edit makes a network of it.
    [InlineData("NG2003", "[Network(4), Linear(4, 2)] partial class Net<T>;")]
    public async Task OffersNothingWhereNothingIsRight(string id, string source)
    {
        var project = new Fixing(source);
        Assert.Contains(await project.Diagnose(), diagnostic => diagnostic.Id == id);
        Assert.Empty(await project.Offers(id));
    }

    [Fact]
    public void EveryFixIsExported() => Assert.All(Fixing.All, fix =>
    {
        ExportCodeFixProviderAttribute? export = fix.GetType().GetCustomAttribute<ExportCodeFixProviderAttribute>();
        Assert.NotNull(export);
        Assert.Equal(["C#"], export.Languages);
        Assert.Contains(fix.GetType().GetCustomAttributes(), attribute => attribute is System.Composition.SharedAttribute);
    });
}
