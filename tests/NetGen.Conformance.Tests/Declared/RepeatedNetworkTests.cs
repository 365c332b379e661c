using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Declared;

/// <summary>The blocks of a Repeat are a list of one class.</summary>
public sealed class RepeatedNetworkTests
{
    [Fact]
    public void Blocks_are_found_by_index_and_named_as_in_files()
    {
        var net = new RepeatedNet(seed: 1);
        Assert.Equal(3, net.Layers.Count);
        Assert.Equal(2, net.Layers[1].Units.Count);
        Assert.Equal(net.Layers, Enumerable.Range(0, 3).Select(i => net.Layers[i]));
        for (int i = 0; i < 3; i++)
        {
            string block = $"layers.block{i + 1}";
            string[] unit =
            [
                "batchnorm1.weight", "batchnorm1.bias", "batchnorm1.running_mean", "batchnorm1.running_var",
                "batchnorm1.num_batches_tracked", "conv1.weight", "conv1.bias",
            ];
            string[] own = ["conv1.weight", .. unit[..5], "prelu1.weight"];
            string[] inner = ["units.block1", "units.block2", "residual1"];
            Assert.Equal(own.Concat(inner.SelectMany(scope => unit.Select(name => $"{scope}.{name}"))).Select(name => $"{block}.{name}"),
                net.Layers[i].Parameters.Select(parameter => parameter.Name));
            Assert.Equal([20, i == 0 ? 5 : 20, 3, 3], net.Layers[i].Conv1.Weight.Shape.ToArray());
            Assert.Equal((i == 0 ? 5 : 20) * 9, net.Layers[i].Conv1.Weight.FanIn);
            Assert.Equal($"{block}.units.block2.conv1.bias", net.Layers[i].Units[1].Conv1.Bias.Name);
            Assert.Equal($"{block}.prelu1.weight", net.Layers[i].PReLU1.Weight.Name);
        }
        Assert.Equal([.. net.Stem.Parameters, .. net.Layers.Parameters, .. net.Linear1.Parameters], net.Parameters);
        Assert.Throws<ArgumentOutOfRangeException>(() => net.Layers[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => net.Layers[-1]);
    }

    [Fact]
    public void Every_tensor_has_memory_of_its_own()
    {
        var net = new RepeatedNet(seed: 1);
        for (int i = 0; i < net.Parameters.Count; i++)
            net.Parameters[i].Fill(i);
        for (int i = 0; i < net.Parameters.Count; i++)
            Assert.All(net.Parameters[i].ToArray(), value => Assert.Equal(i, value));
    }

    [Fact]
    public void Gradients_are_lists_too()
    {
        var net = new RepeatedNet(seed: 1);
        using RepeatedNet.Trainer trainer = net.CreateTrainer(4, new SGD(0.1f));
        trainer.Step(Numbers.Uniform(1, 4 * RepeatedNet.InputSize), [0, 1, 2, 3]);
        Assert.Equal(3, trainer.Gradients.Layers.Count);
        Assert.Equal(net.Parameters.Select(parameter => parameter.Name), trainer.Gradients.All.Select(gradient => gradient.Name));
        foreach (RepeatedNet.LayersParameters block in trainer.Gradients.Layers)
        {
            Assert.Contains(block.Conv1.Weight.ToArray(), value => value != 0);
            Assert.All(block.Units, unit => Assert.Contains(unit.Conv1.Weight.ToArray(), value => value != 0));
        }
    }

    /// <summary>What stands in a Repeat computes what it computes when it is written out.</summary>
    [Fact]
    public void Parameters_are_where_the_kernels_read_them()
    {
        var net = new RepeatedNet(seed: 1);
        var written = new WrittenOutNet(seed: 2);
        Assert.Equal(net.Parameters.Count, written.Parameters.Count);
        foreach ((Parameter from, Parameter to) in net.Parameters.Zip(written.Parameters))
        {
            Assert.Equal(from.Shape.ToArray(), to.Shape.ToArray());
            to.CopyFrom(from.ToArray());
        }
        float[] input = Numbers.Uniform(1, 2 * RepeatedNet.InputSize);
        float[] expected = new float[2 * RepeatedNet.OutputSize], output = new float[expected.Length];
        using (WrittenOutNet.Session session = written.CreateSession(2))
            session.Forward(input, expected);
        using (RepeatedNet.Session session = net.CreateSession(2))
            session.Forward(input, output);
        Assert.Equal(expected, output);
    }
}
