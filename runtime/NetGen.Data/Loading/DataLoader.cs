using System.Globalization;

namespace NetGen.Data;

/// <summary>
/// Gives a set's images in batches of floats, ready for a trainer. Workers read and transform ahead into a ring of batches whose memory is
/// taken once: images in memory cost no allocation at all. What is in the batches, and in which order they come, is a function of set,
/// settings, epoch and batch, whatever the number of workers and whoever is faster.
/// </summary>
/// <remarks>
/// A loader has one position: loops over its epochs come one after the other, and one thread at a time asks for batches. A second loop
/// within a loop, and a second thread, are refused; a second loader over the same set serves both, for the set's images are shared. The
/// memory of a batch is that of the loader, valid until the next is asked for. <see cref="Dispose"/> may be called from any thread, and at
/// any time; whoever waits for a batch then gets an <see cref="ObjectDisposedException"/>. A loader that is not disposed of keeps its
/// workers waiting until the process ends.
/// </remarks>
/// <example>
/// <code>
/// using var loader = new DataLoader(images, 64, new DataLoaderOptions { Shuffle = true, Seed = 1 });
/// foreach (Batch batch in loader.Epoch(1))
///     trainer.Step(batch.Input, batch.Labels);
/// </code>
/// </example>
public sealed class DataLoader : IBatchSource, IDisposable
{
    private readonly ImageDataset _dataset;
    private readonly DataLoaderOptions _options;
    private readonly TransformPlan _plan;
    private readonly int[] _order;
    private readonly BatchSlot[] _slots;
    private readonly Thread[] _workers;
    private readonly BatchFiller? _own;
    private readonly List<SkippedSample> _skipped = [];
    private readonly HashSet<int> _skippedIndices = [];
    private readonly BatchLoops _loops = new();

    // Guards what follows; workers wait on it for something to do, the caller for batches.
    private readonly object _lock = new();
    private int _epoch, _current, _next, _busy;
    private volatile bool _stopped;
    private BatchSlot? _given;

    /// <summary>Makes a loader, and its workers, which wait until an epoch begins.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="batchSize">Samples of a batch.</param>
    /// <param name="options">How batches are given; null takes the defaults.</param>
    /// <exception cref="ArgumentException">
    /// The set is empty, the transforms do not fit it, or a number is out of range; or its images, by their files' headers, are of
    /// different sizes that no transform brings to one, or one is too small for a crop.
    /// </exception>
    public DataLoader(ImageDataset dataset, int batchSize, DataLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new DataLoaderOptions();
        ArgumentNullException.ThrowIfNull(options.Transform, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (options.Workers is < 0 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(options), options.Workers, "Expected 0 to 1024 workers.");
        if (options.PrefetchFactor is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(options), options.PrefetchFactor, "Expected a prefetch factor of 1 to 1024.");
        if (dataset.Count == 0)
            throw new ArgumentException("The set has no images.", nameof(dataset));
        _plan = Plan(dataset, options);
        if ((long)batchSize * _plan.OutputShape.Length > Array.MaxLength / sizeof(float))
            throw new ArgumentOutOfRangeException(nameof(batchSize),
                batchSize, $"A batch of so many samples of {_plan.OutputShape} exceeds what an array holds.");

        _dataset = dataset;
        _options = options;
        BatchSize = batchSize;
        BatchCount = options.DropLast ? dataset.Count / batchSize : (int)(((long)dataset.Count + batchSize - 1) / batchSize);
        if (BatchCount == 0)
            throw new ArgumentException($"With DropLast there is no batch: the set has {dataset.Count} images, a batch {batchSize}.",
                nameof(options));
        Count = options.DropLast ? BatchCount * batchSize : dataset.Count;
        _order = [.. Enumerable.Range(0, dataset.Count)];

        // One slot is with the caller while the others are filled.
        int slots = options.Workers == 0 ? 1 : Math.Min(options.Workers * options.PrefetchFactor, BatchCount) + 1;
        _slots = [.. Enumerable.Range(0, slots).Select(_ => new BatchSlot(batchSize, _plan.OutputShape.Length))];
        _current = _next = BatchCount;
        _workers = new Thread[options.Workers];
        if (options.Workers == 0)
            _own = new BatchFiller(dataset, _plan, options);
        for (int i = 0; i < _workers.Length; i++)
        {
            var filler = new BatchFiller(dataset, _plan, options);
            _workers[i] =
                new Thread(() => Work(filler)) { IsBackground = true,
                Name = string.Create(CultureInfo.InvariantCulture, $"NetGen.Data worker {i}") };
            _workers[i].Start();
        }
    }

    /// <summary>Samples of one epoch, those that are skipped included.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    public int BatchSize { get; }

    /// <summary>Batches of one epoch; where samples are skipped, batches without any other sample are left out.</summary>
    public int BatchCount { get; }

    /// <summary>What each sample measures.</summary>
    public ImageShape SampleShape => _plan.OutputShape;

    /// <summary>The classes by label; empty where labels have no names.</summary>
    public IReadOnlyList<string> ClassNames => _dataset.ClassNames;

    /// <inheritdoc/>
    public string Settings => string.Create(CultureInfo.InvariantCulture,
        $"{_dataset.Count} images in batches of {BatchSize}{(_options.DropLast ? ", the last dropped if not full" : "")}{(_options.Shuffle ? ", shuffled" : "")}, seed {_options.Seed}{(_options.SkipCorrupt ? ", damaged files skipped" : "")}, {_options.Transform}");

    /// <summary>The epoch that has begun, and how many of its batches were given; before the first, epoch 0.</summary>
    public LoaderState State => new(_options.Seed, _epoch, _epoch == 0 ? 0 : _current);

    /// <summary>The numbers in the set of the samples of the batch given last.</summary>
    public ReadOnlySpan<int> Indices => _given is { } slot ? slot.Indices.AsSpan(0, slot.Count) : [];

    /// <summary>How many samples were left out of the batches given so far; a sample counts again in each epoch.</summary>
    public long SkippedCount { get; private set; }

    /// <summary>The samples that were left out, each once, in the order in which they were met.</summary>
    public IReadOnlyList<SkippedSample> Skipped => _skipped;

    /// <summary>
    /// An epoch, for <c>foreach</c>; it begins when enumeration does. The loop has the loader to itself until it ends: at the end of the
    /// epoch, by
    /// <c>break</c>, or by an exception.
    /// </summary>
    /// <param name="epoch">The epoch's number; the first is 1.</param>
    /// <param name="firstBatch">How many batches at its beginning are left out.</param>
    /// <param name="cancellationToken">Ends waiting for a batch with <see cref="OperationCanceledException"/>.</param>
    public EpochBatches Epoch(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        => new(this, epoch, firstBatch, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The loader was disposed of.</exception>
    public void Start(int epoch, int firstBatch = 0) => Begin(epoch, firstBatch, forLoop: false);

    long IBatchSource.StartLoop(int epoch, int firstBatch) => Begin(epoch, firstBatch, forLoop: true);

    bool IBatchSource.TryNext(long loop, out Batch batch) => Next(loop, out batch, default);

    void IBatchSource.EndLoop(long loop) => _loops.End(loop);

    /// <inheritdoc/>
    public void Check(NetworkPorts ports, int minBatchSize = 1)
    {
        ArgumentNullException.ThrowIfNull(ports);
        if (ports.Targets.Count != 1 || ports.Targets[0] is not { Classes: int classes } target)
            return;
        for (int i = 0; i < _dataset.Count; i++)
        {
            int label = _dataset.LabelOf(i);
            if ((uint)label >= (uint)classes && label != target.IgnoreIndex)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{_dataset.Describe(i)}: its label {label} is no "
                    + $"class of the network's output '{target.Output}': expected 0 to {classes - 1}, or {target.IgnoreIndex} for what "
                    + $"does not count."), "dataset");
        }
    }

    /// <summary>Goes to where a loader made alike was.</summary>
    /// <param name="state">What its <see cref="State"/> said.</param>
    /// <exception cref="ArgumentException">
    /// The state is that of a loader with another seed, or of no epoch or batch that there is.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A loop over the batches is under way, or another thread asks for one; nothing was changed.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The loader was disposed of.</exception>
    public void Restore(LoaderState state)
    {
        if (state.Seed != _options.Seed)
            throw new ArgumentException($"Expected a state of a loader with seed {_options.Seed}, got one of seed {state.Seed}.",
                nameof(state));
        if (state.Epoch < 1 || state.Batch < 0 || state.Batch > BatchCount)
            throw new ArgumentException($"Expected an epoch from 1 and a batch from 0 to {BatchCount}, got {state.Epoch} "
                + $"and {state.Batch}.", nameof(state));
        Start(state.Epoch, state.Batch);
    }

    /// <inheritdoc/>
    /// <exception cref="DataLoaderException">A sample of the batch could not be read or transformed.</exception>
    /// <exception cref="ObjectDisposedException">The loader was disposed of.</exception>
    public bool TryNext(out Batch batch) => Next(0, out batch, default);

    /// <summary>Gives the next batch of the epoch.</summary>
    /// <param name="batch">The batch, valid until the next call of this or <see cref="Start"/>.</param>
    /// <param name="cancellationToken">Ends waiting; the batch can be asked for again.</param>
    /// <returns>False where the epoch is over, or none has begun.</returns>
    /// <exception cref="DataLoaderException">
    /// A sample of the batch could not be read or transformed; the next call gives the batch after it.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// A loop has the loader to itself, or another thread asks for a batch, or the epoch was given up for another; nothing was changed.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The loader was disposed of.</exception>
    public bool TryNext(out Batch batch, CancellationToken cancellationToken) => Next(0, out batch, cancellationToken);

    /// <summary>
    /// Puts the transforms together. Where they do not by themselves bring images to one size, or may refuse one, files' headers tell now
    /// what the first epoch would come upon later.
    /// </summary>
    private static TransformPlan Plan(ImageDataset dataset, DataLoaderOptions options)
    {
        if (dataset.Shape is null && !TransformPlan.BringsToOneSize(options.Transform, dataset.Channels))
            return TransformPlan.Create(options.Transform, dataset.Channels, ImageSizes.Common(dataset, nameof(dataset)));
        TransformPlan plan = TransformPlan.Create(options.Transform, dataset.Channels, dataset.Shape);
        if (plan.DependsOnSize)
            ImageSizes.Check(dataset, options.Transform, nameof(dataset));
        return plan;
    }

    private bool Next(long loop, out Batch batch, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stopped, this);
        _loops.Enter();
        try
        {
            _loops.ThrowIfNotHeldBy(loop);
            if (Take(out batch, cancellationToken))
                return true;
            _loops.Finished(loop);
            return false;
        }
        finally
        {
            _loops.Leave();
        }
    }

    private long Begin(int epoch, int firstBatch, bool forLoop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, BatchCount);
        ObjectDisposedException.ThrowIf(_stopped, this);
        _loops.Enter();
        try
        {
            _loops.ThrowIfHeld();
            Seek(epoch, firstBatch);
            if (forLoop)
                return _loops.StartedLoop();
            _loops.Started();
            return 0;
        }
        finally
        {
            _loops.Leave();
        }
    }

    private void Seek(int epoch, int firstBatch)
    {
        Stop();
        if (_options.Shuffle && epoch != _epoch)
            new SampleRandom(_options.Seed, epoch, 0, SampleRandom.Shuffle).Permute(_order);
        lock (_lock)
        {
            foreach (BatchSlot slot in _slots)
                slot.Ready = -1;
            _epoch = epoch;
            _current = _next = firstBatch;
            Monitor.PulseAll(_lock);
        }
    }

    private bool Take(out Batch batch, CancellationToken cancellationToken)
    {
        while (_current < BatchCount)
        {
            BatchSlot slot = _own is null ? Wait(cancellationToken) : FillHere(cancellationToken);
            if (slot.Error is { } error)
                throw error;
            foreach (SkippedSample skipped in slot.Skipped)
            {
                SkippedCount++;
                if (_skippedIndices.Add(skipped.Index))
                    _skipped.Add(skipped);
            }
            if (slot.Count == 0)
                continue;
            batch = new Batch(slot.Count, slot.Input.AsSpan(0, slot.Count * _plan.OutputShape.Length), slot.Labels.AsSpan(0, slot.Count));
            return true;
        }
        _given = null;
        batch = default;
        return false;
    }

    /// <summary>Ends the workers and waits for them. A batch that was given stays readable: its memory is not taken back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            Monitor.PulseAll(_lock);
        }
        foreach (Thread worker in _workers)
        {
            // A set whose own code disposes of the loader, while a worker reads it, must not wait for itself.
            if (worker != Thread.CurrentThread)
                worker.Join();
        }
    }

    /// <summary>Gives up the epoch, and waits until nobody writes into a slot.</summary>
    private void Stop()
    {
        lock (_lock)
        {
            _current = _next = BatchCount;
            while (_busy > 0)
                Monitor.Wait(_lock);
        }
        _given = null;
    }

    private BatchSlot FillHere(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _own!.Fill(_slots[0], IndicesOf(_current), _epoch);
        _current++;
        return _given = _slots[0];
    }

    private BatchSlot Wait(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            // The batch given last is no longer looked at: its slot may be filled anew.
            BatchSlot slot = _slots[_current % _slots.Length];
            if (_given is not null)
            {
                _given = null;
                Monitor.PulseAll(_lock);
            }
            if (slot.Ready != _current)
            {
                // Registering allocates, so it is left to the case that somebody waits, with a token that can be cancelled.
                CancellationTokenRegistration registration = cancellationToken.CanBeCanceled
                    ? cancellationToken.UnsafeRegister(static loader => ((DataLoader)loader!).Wake(), this) : default;
                try
                {
                    while (slot.Ready != _current)
                    {
                        // Nobody would fill it any more.
                        ObjectDisposedException.ThrowIf(_stopped, this);
                        cancellationToken.ThrowIfCancellationRequested();
                        Monitor.Wait(_lock);
                    }
                }
                finally
                {
                    // Not Dispose, which would wait for a callback that waits for this lock.
                    registration.Unregister();
                }
            }
            // Both at once: a slot that is neither awaited nor given may be filled anew.
            _current++;
            return _given = slot;
        }
    }

    private void Wake()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
    }

    /// <summary>What a worker does: takes the next batch as soon as its slot is free, fills it, says so.</summary>
    private void Work(BatchFiller filler)
    {
        while (true)
        {
            int batch, epoch;
            lock (_lock)
            {
                while (!_stopped && !HasWork())
                    Monitor.Wait(_lock);
                if (_stopped)
                    return;
                batch = _next++;
                epoch = _epoch;
                _busy++;
            }
            BatchSlot slot = _slots[batch % _slots.Length];
            filler.Fill(slot, IndicesOf(batch), epoch);
            lock (_lock)
            {
                slot.Ready = batch;
                _busy--;
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Whether the next batch has a slot: batch n may overwrite batch n − slots once that is no longer with the caller.</summary>
    private bool HasWork()
    {
        int oldest = _given is null ? _current : _current - 1;
        return _next < BatchCount && _next < oldest + _slots.Length;
    }

    private ReadOnlySpan<int> IndicesOf(int batch)
        => _order.AsSpan(batch * BatchSize, Math.Min(BatchSize, _dataset.Count - batch * BatchSize));

    /// <summary>The batches of an epoch.</summary>
    public readonly struct EpochBatches
    {
        private readonly DataLoader _loader;
        private readonly int _epoch, _firstBatch;
        private readonly CancellationToken _cancellationToken;

        internal EpochBatches(DataLoader loader, int epoch, int firstBatch, CancellationToken cancellationToken)
        {
            _loader = loader;
            _epoch = epoch;
            _firstBatch = firstBatch;
            _cancellationToken = cancellationToken;
        }

        /// <summary>Begins the epoch.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The epoch is below 1, or the batch is negative or beyond the last.</exception>
        /// <exception cref="InvalidOperationException">
        /// Another loop over the loader's batches is under way, or another thread is in it; nothing was changed.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The loader was disposed of.</exception>
        public Enumerator GetEnumerator() => new(_loader, _loader.Begin(_epoch, _firstBatch, forLoop: true), _cancellationToken);
    }

    /// <summary>
    /// Goes through the batches of an epoch. Who enumerates by hand disposes of it, as <c>foreach</c> does: it has the loader to itself
    /// until then.
    /// </summary>
    public ref struct Enumerator
    {
        private readonly DataLoader _loader;
        private readonly long _loop;
        private readonly CancellationToken _cancellationToken;
        private Batch _current;
        private bool _over;

        internal Enumerator(DataLoader loader, long loop, CancellationToken cancellationToken)
        {
            _loader = loader;
            _loop = loop;
            _cancellationToken = cancellationToken;
        }

        /// <summary>The batch, valid until <see cref="MoveNext"/> is called.</summary>
        public readonly Batch Current => _current;

        /// <summary>Goes to the next batch.</summary>
        /// <returns>False where the epoch is over.</returns>
        /// <exception cref="DataLoaderException">A sample of the batch could not be read or transformed.</exception>
        /// <exception cref="InvalidOperationException">The enumerator was disposed of, or another thread is in the loader.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ObjectDisposedException">The loader was disposed of.</exception>
        public bool MoveNext()
        {
            if (_over)
                return false;
            _over = !_loader.Next(_loop, out _current, _cancellationToken);
            return !_over;
        }

        /// <summary>Ends the loop, so that others may begin.</summary>
        public readonly void Dispose() => _loader._loops.End(_loop);
    }
}
