using System.Globalization;

namespace NetGen.Samples;

/// <summary>A sample that trains on Fashion-MNIST: its command line, its data, and how it ends.</summary>
internal abstract class SampleProgram
{
    /// <summary>What the program is for, in a sentence.</summary>
    protected abstract string Purpose { get; }

    /// <summary>The options where the command line says nothing.</summary>
    protected abstract TrainingOptions Defaults { get; }

    /// <summary>The whole program.</summary>
    /// <returns>Its exit status.</returns>
    public int Run(string[] args)
    {
        if (!TrainingOptions.TryRead(args, Purpose, Defaults, out TrainingOptions? options, out int exitCode))
            return exitCode;

        return ConsoleProgram.Run(interrupted =>
        {
            var data = FashionData.Find(options.Data);
            Console.WriteLine($"Data: {data.Origin}");
            Train(options, data, EpochsOf(options, data), interrupted);
        }, $"Interrupted. --resume goes on from {options.Checkpoint}.");
    }

    /// <summary>Trains, and shows what came of it.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="data">The images.</param>
    /// <param name="epochs">Passes over the training images.</param>
    /// <param name="interrupted">Asks for a checkpoint and the end.</param>
    protected abstract void Train(TrainingOptions options, FashionData data, int epochs, CancellationToken interrupted);

    private static int EpochsOf(TrainingOptions options, FashionData data)
    {
        int epochs = options.EpochsOf(data.Train.Count);
        if (options.Epochs is null && epochs > options.FullEpochs)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{epochs} epochs, because so few images need more than the {options.FullEpochs} of a full set (--epochs N)."));
        }

        return epochs;
    }
}
