namespace NetGen;

/// <summary>
/// Freezes and thaws a group of parameters by the number of the epoch: a new head alone at first, then layer by layer. It sets
/// <see cref="ParameterGroup.Frozen"/> before the first step of each epoch.
/// </summary>
/// <remarks>
/// It is a function of the epoch's number, so that a training that goes on from a checkpoint finds the group as it was. What the group was
/// before the training does not matter. One callback for each group; a group must not have two.
/// </remarks>
/// <example>
/// <code>
/// var body = new ParameterGroup("conv1", "conv2");
/// using var trainer = net.CreateTrainer(64, new Adam { Groups = { body } });
/// trainer.Fit(train, new FitOptions { Epochs = 10, Callbacks = [FreezeByEpoch.Through(body, epoch: 3)] });
/// </code>
/// </example>
public sealed class FreezeByEpoch : FitCallback
{
    private readonly Func<int, bool> _isFrozen;

    /// <summary>Freezes a group in certain epochs.</summary>
    /// <param name="group">One of the groups of the trainer's optimiser.</param>
    /// <param name="isFrozen">Whether it is frozen in an epoch, by its number from 1; asked more than once.</param>
    public FreezeByEpoch(ParameterGroup group, Func<int, bool> isFrozen)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(isFrozen);
        (Group, _isFrozen) = (group, isFrozen);
    }

    /// <summary>The group.</summary>
    public ParameterGroup Group { get; }

    /// <summary>A group that is frozen at first and thaws.</summary>
    /// <param name="group">One of the groups of the trainer's optimiser.</param>
    /// <param name="epoch">The last epoch that it is frozen in, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is below 1.</exception>
    public static FreezeByEpoch Through(ParameterGroup group, int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        return new FreezeByEpoch(group, number => number <= epoch);
    }

    /// <summary>A group that learns at first and is frozen then.</summary>
    /// <param name="group">One of the groups of the trainer's optimiser.</param>
    /// <param name="epoch">The first epoch that it is frozen in, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is below 1.</exception>
    public static FreezeByEpoch From(ParameterGroup group, int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        return new FreezeByEpoch(group, number => number >= epoch);
    }

    /// <inheritdoc/>
    public override void Check(FitRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!run.Trainer.Optimizer.Groups.Contains(Group))
            throw new ArgumentException($"{nameof(FitOptions.Callbacks)}: the group {Group}, which is to be frozen by epochs, is none of "
                + $"the {run.Trainer.Optimizer.Groups.Count} groups of the trainer's optimiser.", nameof(run));
        if (run.Options.Callbacks.Any(other => other != this && other is FreezeByEpoch freeze && freeze.Group == Group))
            throw new ArgumentException($"{nameof(FitOptions.Callbacks)}: two of them freeze the group {Group} by epochs; expected one.",
                nameof(run));
    }

    /// <inheritdoc/>
    public override void OnStart(FitRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Group.Frozen = _isFrozen(run.Epoch);
    }

    /// <inheritdoc/>
    public override void OnEpoch(FitRun run, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(result);
        if (result.Epoch < run.Options.Epochs)
            Group.Frozen = _isFrozen(result.Epoch + 1);
    }
}
