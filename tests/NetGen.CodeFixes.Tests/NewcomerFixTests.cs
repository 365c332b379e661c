namespace NetGen.CodeFixes.Tests;

/// <summary>The fixes of what newcomers write. Those of the page of mistakes are held to what it shows by MistakesTests.</summary>
public class NewcomerFixTests
{
    /// <summary>Id, source, title of the fix, source after it. What is left must be free of diagnostics.</summary>
    public static TheoryData<string, string, string, string> Fixes() => new()
    {
        {
            "NG1003", "[Network(28, 28, 1), MaxPool2d(2), ReLU] partial class Net;", "Write [Network(1, 28, 28)]",
            "[Network(1, 28, 28), MaxPool2d(2), ReLU] partial class Net;"
        },
        {
            "NG1004", "[Network(3, 8, 8), Flatten]\n[MaxPool2d(2), ReLU]\npartial class Net;", "Move Flatten behind the layers of images",
            "[Network(3, 8, 8)]\n[MaxPool2d(2), ReLU, Flatten]\npartial class Net;"
        },
        {
            "NG1004", "[Network(3, 8, 8)]\n[Flatten]\n[MaxPool2d(2)]\n[Flatten, Linear(3)]\npartial class Net;", "Remove Flatten",
            "[Network(3, 8, 8)]\n[MaxPool2d(2)]\n[Flatten, Linear(3)]\npartial class Net;"
        },
        {
            "NG1004", "[Network(3, 8), NetGen.Conv2d(4, 3, Padding = 1), ReLU] partial class Net;", "Write Conv1d",
            "[Network(3, 8), NetGen.Conv1d(4, 3, Padding = 1), ReLU] partial class Net;"
        },
        {
            "NG1004", "[Network(3072), Conv2d(4, 3), ReLU] partial class Net;", "Write [Network(3, 32, 32)]",
            "[Network(3, 32, 32), Conv2d(4, 3), ReLU] partial class Net;"
        },
        {
            "NG1006", "[Network(1, 8, 8), MaxPool2d(3, Padding = 2)] partial class Net;", "Write 1",
            "[Network(1, 8, 8), MaxPool2d(3, Padding = 1)] partial class Net;"
        },
        {
            "NG1009", "[Network(4), Linear(3), Dropout(p: 25)] partial class Net;", "Write 0.25",
            "[Network(4), Linear(3), Dropout(p: 0.25)] partial class Net;"
        },
        {
            "NG1010", "[Network(64, 1, Side, Side), ReLU] partial class Net { const int Side = 8; }", "Remove '64'",
            "[Network(1, Side, Side), ReLU] partial class Net { const int Side = 8; }"
        },
        {
            "NG1013", "[Network(4), Linear(3), MSELoss(Reduction = \"Mean\")] partial class Net;", "Write \"mean\"",
            "[Network(4), Linear(3), MSELoss(Reduction = \"mean\")] partial class Net;"
        },
        {
            "NG1060", "[Network(1, 4, 4), AvgPool2d(2, DivisorOverride = 0)] partial class Net;", "Remove 'DivisorOverride = 0'",
            "[Network(1, 4, 4), AvgPool2d(2)] partial class Net;"
        },
        {
            "NG1067", "[Network(1, 4, 4), Upsample(ScaleFactor = 2, AlignCorners = true)] partial class Net;",
            "Remove 'AlignCorners = true'", "[Network(1, 4, 4), Upsample(ScaleFactor = 2)] partial class Net;"
        },
        {
            "NG1095", "[Network(4, 1), Var(2)] partial class Net;", "Add 'Unbiased = false'",
            "[Network(4, 1), Var(2, Unbiased = false)] partial class Net;"
        },
        {
            "NG2007", "[Network(4), MSELoss]\n[Linear(3), Tanh]\npartial class Net;", "Move MSELoss to the end",
            "[Network(4)]\n[Linear(3), Tanh, MSELoss]\npartial class Net;"
        },
        {
            "NG2010", "[Network(4), Residual<Body>] partial class Net;\n[NetGen.Linear(4)] class Body;", "Mark 'Body' [Block]",
            "[Network(4), Residual<Body>] partial class Net;\n[NetGen.Block, NetGen.Linear(4)] class Body;"
        },
        {
            "NG2012", "[Network(4), Linear(3, Name = \"my-layer\")] partial class Net;", "Write \"my_layer\"",
            "[Network(4), Linear(3, Name = \"my_layer\")] partial class Net;"
        },
        {
            "NG2013", "[Network(4), Linear(3, Name = \"a\"), Tanh(Name = \"a2\"), Linear(3, Name = \"a\")] partial class Net;",
            "Write \"a3\"",
            "[Network(4), Linear(3, Name = \"a\"), Tanh(Name = \"a2\"), Linear(3, Name = \"a3\")] partial class Net;"
        },
        {
            "NG2016", "[Network(4), Linear(2)] public partial record class Net { }", "Make 'Net' a class",
            "[Network(4), Linear(2)] public partial class Net { }"
        },
        {
            "NG2016", "[Network(4), Linear(2)] public readonly partial struct Net { }", "Make 'Net' a class",
            "[Network(4), Linear(2)] public partial class Net { }"
        },
        {
            "NG2016", "[Network(4), Linear(2)] public abstract partial class Net { }", "Make 'Net' not abstract",
            "[Network(4), Linear(2)] public partial class Net { }"
        },
        {
            "NG2028", "[NetGen.Linear(4, 2)] partial class Net;", "Insert Network(4)",
            "[NetGen.Network(4), NetGen.Linear(4, 2)] partial class Net;"
        },
        {
            "NG2050", "[Network(4), ReLU(Frozen = true)] partial class Net;", "Remove 'Frozen = true'",
            "[Network(4), ReLU] partial class Net;"
        },
        {
            "NG2070", "[Network(1, 4, 4), NetGen.GlobalAvgPool2d()] partial class Net;", "Write AdaptiveAvgPool2d(1)",
            "[Network(1, 4, 4), NetGen.AdaptiveAvgPool2d(1)] partial class Net;"
        },
        {
            "NG2070", "[Network(4), Residul<Body>] partial class Net;\n[Block, Linear(4)] class Body;", "Write Residual",
            "[Network(4), Residual<Body>] partial class Net;\n[Block, Linear(4)] class Body;"
        },
        {
            "NG2071", "[Network(1, 9, 9), Conv2d(4, 3, PADDING=1, Bias = false)] partial class Net;", "Write Padding =",
            "[Network(1, 9, 9), Conv2d(4, 3, Padding = 1, Bias = false)] partial class Net;"
        },
        {
            "NG2072", "[Network(Sizes.In), Linear(3)] partial class Net;\nclass Sizes { internal static readonly int In = 2 * 2; }",
            "Make 'In' const", "[Network(Sizes.In), Linear(3)] partial class Net;\nclass Sizes { internal const int In = 2 * 2; }"
        },
        {
            "NG3002", "[Network(4), Linear(3)]\n[Softmax]\n[CrossEntropyLoss]\npartial class Net;", "Remove Softmax",
            "[Network(4), Linear(3)]\n[CrossEntropyLoss]\npartial class Net;"
        },
        {
            "NG3012", "[Network(4), Linear(3, Bias = false), Dropout(0.5), BatchNorm1d, ReLU] partial class Net;",
            "Move Dropout behind BatchNorm1d", "[Network(4), Linear(3, Bias = false), BatchNorm1d, Dropout(0.5), ReLU] partial class Net;"
        },
        {
            "NG3022", "[Network(4), Linear(3), NLLLoss] partial class Net;", "Insert LogSoftmax",
            "[Network(4), Linear(3), LogSoftmax, NLLLoss] partial class Net;"
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
            "NG2070", "[Network(4), Dense(3), Relu, Dense(2)] partial class Net;",
            "[Network(4), Linear(3), ReLU, Linear(2)] partial class Net;"
        },
        {
            "NG3003", "[Network(4), Linear(3), Linear(3), Linear(2)] partial class Net;",
            "[Network(4), Linear(3), ReLU, Linear(3), ReLU, Linear(2)] partial class Net;"
        },
        {
            "NG3053", "[Network(1, 9, 9), Conv2d(3, 3), Conv2d(4, 3), Conv2d(5, 3)] partial class Net;",
            "[Network(1, 9, 9), Conv2d(3, 3), ReLU, Conv2d(4, 3), ReLU, Conv2d(5, 3)] partial class Net;"
        },
        {
            "NG3052", "[Network(4), Linear(3), ReLU, CrossEntropyLoss] partial class Net;\n[Network(4), Linear(3)]\n[ReLU]\n"
                + "[BCEWithLogitsLoss]\npartial class Other;",
            "[Network(4), Linear(3), CrossEntropyLoss] partial class Net;\n[Network(4), Linear(3)]\n[BCEWithLogitsLoss]\n"
                + "partial class Other;"
        },
        {
            "NG2050", "[Network(4), ReLU(Frozen = true), Tanh(Frozen = true)] partial class Net;",
            "[Network(4), ReLU, Tanh] partial class Net;"
        },
        {
            "NG2072", "[Network(Sizes.In), Linear(Sizes.In), Tanh, Linear(Sizes.Out)] partial class Net;\nclass Sizes { internal "
                + "static readonly int In = 4; internal static readonly int Out = 2; }",
            "[Network(Sizes.In), Linear(Sizes.In), Tanh, Linear(Sizes.Out)] partial class Net;\nclass Sizes { internal const int In "
                + "= 4; internal const int Out = 2; }"
        },
    };

    [Theory]
    [MemberData(nameof(FixesOfAll))]
    public Task FixesAll(string id, string source, string expected) => Fixing.AssertRemovesAll(id, source, expected);

    /// <summary>A fix that would only hide a mistake, or guess, is none.</summary>
    [Theory]
    [InlineData("NG1004", "[Network(783), Conv2d(4, 3), ReLU] partial class Net;")]
    [InlineData("NG1009", "[Network(4), Linear(3), Dropout(1.5)] partial class Net;")]
    [InlineData("NG1010", "[Network, ReLU] partial class Net;")]
    [InlineData("NG2010", "[Network(4), Residual<Body>] partial class Net;\n[Linear(4), MSELoss] class Body;")]
    [InlineData("NG2013", "[Network(4), Linear(3, Name = \"linear2\"), Tanh, Linear(3)] partial class Net;")]
    [InlineData("NG2016", "[Network(4), Linear(3)] static partial class Net { static int Count; }")]
    [InlineData("NG2028", "[Conv2d(1, 8, 3)] partial class Net;")]
    [InlineData("NG2071", "[Network(4), Linear(3, Anything = 1)] partial class Net;")]
    [InlineData("NG2072", "[Network(4), Linear(Sizes.Out)] partial class Net;\nclass Sizes { internal static int Out = 4; }")]
    [InlineData("NG3050", "[Network(3, 32, 32), Conv2d(3, kernelSize: 32)] partial class Net;")]
    public async Task OffersNothing(string id, string source)
    {
        var project = new Fixing(source);
        Assert.Contains(await project.Diagnose(), diagnostic => diagnostic.Id == id);
        Assert.Empty(await project.Offers(id));
    }

    [Fact]
    public void ManyIdsHaveFixes()
        => Assert.True(Fixing.All.SelectMany(fix => fix.FixableDiagnosticIds).Distinct().Count() >= 42);
}
