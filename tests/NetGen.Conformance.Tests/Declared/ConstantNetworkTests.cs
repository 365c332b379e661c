using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Declared;

/// <summary>Blocks whose constants are given values, and blocks without a name.</summary>
public sealed class ConstantNetworkTests
{
    private const int Batch = 4;

    [Fact]
    public void Constants_of_every_type_reach_the_layers()
    {
        var net = new ConstantsNet(seed: 1);
        Assert.Equal(
            [
                "stem.weight", "stem.bias", "low.weight", "low.bias",
                "first.merge_stem.weight", "first.norm.weight", "first.norm.bias", "first.norm.running_mean", "first.norm.running_var",
                "first.norm.num_batches_tracked",
                "second.merge_low.weight", "second.merge_low.bias", "second.norm.running_mean", "second.norm.running_var",
                "second.norm.num_batches_tracked",
                "head.weight", "head.bias",
            ],
            net.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([12, 28, 1, 1], net.First.MergeStem.Weight.Shape.ToArray());
        Assert.Equal([6, 32, 3, 3], net.Second.MergeLow.Weight.Shape.ToArray());
        Assert.Equal([4, 6 * 36], net.Head.Weight.Shape.ToArray());
    }

    /// <summary>Rates of dropout and Eps are in no name and no shape: they show in what is computed.</summary>
    [Fact]
    public void Constants_compute_what_values_written_out_compute()
    {
        var net = new ConstantsNet(seed: 1);
        var written = new WrittenConstantsNet(seed: 2);
        Copy(net.Parameters, written.Parameters);
        float[] input = Numbers.Uniform(1, Batch * ConstantsNet.InputSize);
        int[] labels = [0, 1, 2, 3];
        using (ConstantsNet.Trainer trainer = net.CreateTrainer(Batch, new SGD(0.1f), new TrainerOptions { Seed = 3 }))
        using (WrittenConstantsNet.Trainer other = written.CreateTrainer(Batch, new SGD(0.1f), new TrainerOptions { Seed = 3 }))
        {
            float first = trainer.Step(input, labels), last = first;
            Assert.Equal(other.Step(input, labels), first);
            AssertEqual(net.Parameters, written.Parameters);
            for (int step = 0; step < 60; step++)
                last = trainer.Step(input, labels);
            Assert.True(last < 0.7f * first, $"The loss fell from {first} to {last} only.");
        }

        Copy(net.Parameters, written.Parameters);
        float[] expected = new float[Batch * ConstantsNet.OutputSize], output = new float[expected.Length];
        using (WrittenConstantsNet.Session session = written.CreateSession(Batch))
            session.Forward(input, expected);
        using (ConstantsNet.Session session = net.CreateSession(Batch))
            session.Forward(input, output);
        Assert.Equal(expected, output);
    }

    [Fact]
    public void Layers_of_a_nameless_block_stand_beside_the_others()
    {
        var net = new NamelessNet(seed: 1);
        string[] layers =
        [
            "stem_in", "stem_out",
            "stages.block1.inner_in", "stages.block1.inner_out", "stages.block1.norm",
            "stages.block2.inner_in", "stages.block2.inner_out", "stages.block2.norm",
            "wide_in", "wide_out", "narrow_in", "narrow_out", "shortcut.narrow", "branch1.fc", "branch2.fc",
            "block1.part_in", "block1.part_out", "block2.part_in", "block2.part_out", "head",
        ];
        Assert.Equal(layers.SelectMany(layer => new[] { $"{layer}.weight", $"{layer}.bias" }),
            net.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([8, 6], net.StemIn.Weight.Shape.ToArray());
        Assert.Equal("stages.block2.inner_out.bias", net.Stages[1].InnerOut.Bias.Name);
        Assert.Equal([20, 8], net.WideIn.Weight.Shape.ToArray());
        Assert.Equal([5, 8], net.Shortcut.Narrow.Weight.Shape.ToArray());
        Assert.Equal([17, 5], net.Branch2.Fc.Weight.Shape.ToArray());
        Assert.Equal([4, 20], net.Block1.PartIn.Weight.Shape.ToArray());
        Assert.Equal([4, 4], net.Block2.PartIn.Weight.Shape.ToArray());
    }

    [Fact]
    public void Nameless_blocks_compute_what_named_ones_compute()
    {
        var net = new NamelessNet(seed: 1);
        var named = new NamedNet(seed: 2);
        Copy(net.Parameters, named.Parameters);
        float[] input = Numbers.Uniform(1, Batch * NamelessNet.InputSize);
        int[] labels = [0, 1, 2, 0];
        using NamelessNet.Trainer trainer = net.CreateTrainer(Batch, new SGD(0.1f));
        using NamedNet.Trainer other = named.CreateTrainer(Batch, new SGD(0.1f));
        for (int step = 0; step < 3; step++)
            Assert.Equal(other.Step(input, labels), trainer.Step(input, labels));
        AssertEqual(net.Parameters, named.Parameters);
        Assert.Equal(net.Parameters.Select(parameter => parameter.Name), trainer.Gradients.All.Select(gradient => gradient.Name));
        Assert.Contains(trainer.Gradients.Block2.PartIn.Weight.ToArray(), value => value != 0);
    }

    [Fact]
    public void Files_have_the_names_of_nameless_blocks()
    {
        string path = Path.Combine(Path.GetTempPath(), $"netgen-{Guid.NewGuid():N}.safetensors");
        try
        {
            var net = new NamelessNet(seed: 1);
            net.Save(path);
            Assert.Equal(net.Parameters.Select(parameter => parameter.ToArray()),
                NamelessNet.Load(path).Parameters.Select(parameter => parameter.ToArray()));
            var loaded = new NamelessNet(seed: 2);
            Assert.NotEqual(net.StemIn.Weight.ToArray(), loaded.StemIn.Weight.ToArray());
            loaded.LoadParameters(path);
            AssertEqual(net.Parameters, loaded.Parameters);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Copy(IReadOnlyList<Parameter> from, IReadOnlyList<Parameter> to)
    {
        Assert.Equal(from.Count, to.Count);
        foreach ((Parameter source, Parameter target) in from.Zip(to))
        {
            Assert.Equal(source.Shape.ToArray(), target.Shape.ToArray());
            if (source.Kind != ParameterKind.Counter)
                target.CopyFrom(source.ToArray());
        }
    }

    private static void AssertEqual(IReadOnlyList<Parameter> expected, IReadOnlyList<Parameter> actual)
    {
        foreach ((Parameter a, Parameter b) in expected.Zip(actual))
            Assert.Equal(a.ToArray(), b.ToArray());
    }
}
