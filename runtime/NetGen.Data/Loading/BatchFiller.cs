namespace NetGen.Data;

/// <summary>Reads and transforms the samples of batches; each worker has one of its own.</summary>
internal sealed class BatchFiller(ImageDataset dataset, TransformPlan plan, DataLoaderOptions options)
{
    private readonly ImageBuffer _buffer = new();
    private readonly Preprocessor _preprocessor = new(plan);

    /// <summary>Fills a slot with samples of an epoch; whatever goes wrong is kept in the slot.</summary>
    public void Fill(BatchSlot slot, ReadOnlySpan<int> indices, int epoch)
    {
        int length = plan.OutputShape.Length;
        slot.Count = 0;
        slot.Skipped.Clear();
        slot.Error = null;
        foreach (int index in indices)
        {
            try
            {
                ImageView image = dataset.Read(index, _buffer);
                _preprocessor.Apply(image, slot.Input.AsSpan(slot.Count * length, length), options.Seed, epoch, index);
                slot.Labels[slot.Count] = dataset.LabelOf(index);
                slot.Indices[slot.Count++] = index;
            }
            catch (ImageFileException exception) when (options.SkipCorrupt)
            {
                slot.Skipped.Add(new SkippedSample(index, exception));
            }
            catch (Exception exception)
            {
                // Not swallowed: it goes to whoever asks for the batch, on that thread.
                slot.Error = new DataLoaderException(index, Describe(index), exception);
                return;
            }
        }
    }

    /// <summary>Where the sample comes from. On a worker nobody would catch what a set's own code throws here.</summary>
    private string Describe(int index)
    {
        try
        {
            return dataset.Describe(index);
        }
        catch (Exception exception)
        {
            return $"of which the set cannot say where it is from ({exception.Message})";
        }
    }
}
