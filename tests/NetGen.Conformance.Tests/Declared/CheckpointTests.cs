using System.Text;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Declared;

/// <summary>
/// A trainer that goes on from a checkpoint, with dropout, running statistics, groups and schedules, and one that was never
/// interrupted.
/// </summary>
public sealed class CheckpointTests : IDisposable
{
    private const int Batch = 12, Steps = 11, Cut = 5;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"netgen-{Guid.NewGuid():N}.safetensors");

    private static readonly Dictionary<string, Func<Optimizer>> s_optimizers = new()
    {
        ["SGD"] = () => new SGD(0.05f),
        ["SGD momentum"] = () => new SGD(0.05f, 0.9f, 0.2f, 0.01f),
        ["Adam"] = () => new Adam(1e-2f)
        {
            Groups = { new ParameterGroup("conv1") { Frozen = true }, new ParameterGroup("residual1") { LearningRate = 3e-3f } },
        },
        ["AdamW AMSGrad"] = () => new AdamW(1e-2f, amsgrad: true),
        ["RMSprop"] = () => new RMSprop(1e-3f),
        ["RMSprop centred"] = () => new RMSprop(1e-3f, epsilon: 1e-3f, momentum: 0.5f, centered: true),
        ["Adagrad"] = () => new Adagrad(1e-2f, 0.01f, initialAccumulatorValue: 0.1f) { Maximize = true },
    };

    public static TheoryData<string> Optimizers => new(s_optimizers.Keys);

    public void Dispose() => File.Delete(_path);

    [Theory, MemberData(nameof(Optimizers))]
    public void Goes_on_with_the_same_bits(string name)
    {
        (int[] Losses, int[] Parameters) straight = Run(name, cut: null);
        (int[] Losses, int[] Parameters) resumed = Run(name, Cut);
        Assert.Equal(straight.Losses, resumed.Losses);
        Assert.Equal(straight.Parameters, resumed.Parameters);
    }

    private (int[] Losses, int[] Parameters) Run(string name, int? cut)
    {
        // A schedule that switches momentum on where there was none, and one that does without.
        LearningRateSchedule schedule = name.StartsWith("SGD", StringComparison.Ordinal) ? new OneCycleLR(0.1, Steps)
            : new ExponentialLR(0.9);
        var losses = new List<int>();
        var net = new InitializedNet(seed: 3);
        Optimizer optimizer = s_optimizers[name]();
        InitializedNet.Trainer trainer = net.CreateTrainer(Batch, optimizer, new TrainerOptions { Seed = 11, ClipGradientNorm = 5 });
        var scheduler = new LearningRateScheduler(optimizer, schedule);
        for (int step = 0; step < Steps; step++)
        {
            if (step == cut)
            {
                trainer.SaveCheckpoint(_path, new Dictionary<string, string>(scheduler.GetState()) { ["epoch"] = "four" });
                trainer.Dispose();
                // A new process would have all of this as the source says, and seeds that may differ.
                net = new InitializedNet(seed: 99);
                optimizer = s_optimizers[name]();
                trainer = net.CreateTrainer(Batch, optimizer, new TrainerOptions { Seed = 98, ClipGradientNorm = 5 });
                IReadOnlyDictionary<string, string> notes = trainer.LoadCheckpoint(_path);
                Assert.Equal("four", notes["epoch"]);
                scheduler = new LearningRateScheduler(optimizer, schedule);
                scheduler.Restore(notes);
            }
            if (optimizer.Groups.Count > 0)
                optimizer.Groups[0].Frozen = step is < 3 or > 7;
            int count = step % 4 == 3 ? 7 : Batch;
            losses.Add(BitConverter.SingleToInt32Bits(trainer.Step(Numbers.Uniform(50 + step, count * InitializedNet.InputSize),
                Numbers.Labels(70 + step, count, 10))));
            scheduler.Step();
        }
        trainer.Dispose();
        return ([.. losses], Bits(net));
    }

    [Fact]
    public void What_does_not_fit_is_told_and_changes_nothing()
    {
        float[] images = Numbers.Uniform(1, Batch * InitializedNet.InputSize);
        int[] labels = Numbers.Labels(2, Batch, 10);
        var net = new InitializedNet(seed: 3);
        var optimizer = new Adam(1e-2f);
        using InitializedNet.Trainer trainer = net.CreateTrainer(Batch, optimizer);
        trainer.Step(images, labels);
        trainer.SaveCheckpoint(_path);
        byte[] good = File.ReadAllBytes(_path);
        trainer.Step(images, labels);
        int[] before = Bits(net);

        // Of another optimiser, of other groups, of another network; only parameters; cut off; a text changed.
        Save(new InitializedNet(), net => { using var other = net.CreateTrainer(Batch, new AdamW()); other.SaveCheckpoint(_path); });
        Refuse("it is of AdamW, but this is Adam");
        Save(new InitializedNet(),
            net => { using var other = net.CreateTrainer(Batch, new Adam(amsgrad: true)); other.SaveCheckpoint(_path); });
        Refuse("Adam with AMSGrad");
        Save(new InitializedNet(),
            net => { using var other = net.CreateTrainer(Batch,
            new Adam { Groups = { new ParameterGroup("conv1") } }); other.SaveCheckpoint(_path); });
        Refuse("1 parameter groups");
        Save(new MnistConvNet(), net => { using var other = net.CreateTrainer(Batch, new Adam()); other.SaveCheckpoint(_path); });
        Refuse("entries do not fit this network");
        net.Save(_path);
        Refuse("'optimizer' is missing");
        File.WriteAllBytes(_path, good[..^40]);
        Refuse(null);
        foreach ((string from, string to) in new[] { ("trainer.steps\":\"1", "trainer.steps\":\"x"),
            ("group_steps\":\"1", "group_steps\":\"-"), ("buffers\":\"2", "buffers\":\"1"), ("rates\":\"0.01", "rates\":\"-.01"),
            ("seed\":\"0", "seed\":\"?") })
        {
            string header = Encoding.Latin1.GetString(good);
            Assert.Contains(from, header, StringComparison.Ordinal);
            byte[] changed = Encoding.Latin1.GetBytes(header.Replace(from, to, StringComparison.Ordinal));
            File.WriteAllBytes(_path, changed);
            Refuse("checksum");
            // And where nobody notices, for the file says nothing of a checksum.
            File.WriteAllBytes(_path,
                Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(changed).Replace("netgen.", "foreign", StringComparison.Ordinal)));
            Refuse("no checkpoint that fits this trainer");
        }

        // And the trainer goes on as if nothing had been tried.
        var twin = new InitializedNet(seed: 3);
        using InitializedNet.Trainer other = twin.CreateTrainer(Batch, new Adam(1e-2f));
        for (int step = 0; step < 2; step++)
            other.Step(images, labels);
        Assert.Equal(other.Step(images, labels), trainer.Step(images, labels));
        Assert.Equal(Bits(twin), Bits(net));

        trainer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => trainer.SaveCheckpoint(_path));
        Assert.Throws<ObjectDisposedException>(() => trainer.LoadCheckpoint(_path));

        static void Save<T>(T net, Action<T> save) => save(net);

        void Refuse(string? part)
        {
            SafeTensorsException exception = Assert.Throws<SafeTensorsException>(() => trainer.LoadCheckpoint(_path));
            if (part != null)
                Assert.Contains(part, exception.Message, StringComparison.Ordinal);
            Assert.Equal(before, Bits(net));
            Assert.Equal(0.01f, optimizer.LearningRate);
        }
    }

    [Fact]
    public void Tensors_have_the_names_and_shapes_that_PyTorch_gives_them()
    {
        var net = new InitializedNet();
        using InitializedNet.Trainer trainer = net.CreateTrainer(Batch, new Adam());
        trainer.Step(Numbers.Uniform(1, Batch * InitializedNet.InputSize), Numbers.Labels(2, Batch, 10));
        trainer.SaveCheckpoint(_path);
        using var reader = new SafeTensorsReader(_path);
        Assert.Equal([16L, 2, 3, 3], reader.Find("conv1.weight")!.Shape);
        Assert.Equal([16L, 2, 3, 3], reader.Find("optimizer.conv1.weight.exp_avg")!.Shape);
        Assert.Equal([10L], reader.Find("optimizer.linear1.bias.exp_avg_sq")!.Shape);
        Assert.Null(reader.Find("optimizer.batchnorm1.running_mean.exp_avg"));
        // After one step the mean gradient is (1 − β₁) g.
        float[] gradient = trainer.Gradients.Conv1.Weight.ToArray(), mean = reader.Read<float>("optimizer.conv1.weight.exp_avg");
        for (int i = 0; i < gradient.Length; i++)
            Assert.Equal(0.1f * gradient[i], mean[i], 1e-6f);
    }

    private static int[] Bits(INetwork net) =>
        [.. net.Parameters.SelectMany(parameter => parameter.ToArray()).Select(BitConverter.SingleToInt32Bits)];
}
